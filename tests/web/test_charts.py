"""What the chart shows, that it needs nothing our CSP forbids, and that its numbers stand beside it."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.utils.translation import override

from fairlead.web import charts
from fairlead.web.charts import Day

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*counts: tuple[int, int], **words: str) -> str:
    first = date(2026, 11, 22) - timedelta(days=len(counts))
    days = [Day(day=first + timedelta(days=at), accepted=a, refused=r) for at, (a, r) in enumerate(counts)]
    return charts.calls(days, name="calls", title="Calls of the last days", **words)


def svg(*counts: tuple[int, int]) -> ElementTree.Element:
    text = drawn(*counts)
    return ElementTree.fromstring(text[text.index("<svg") : text.index("</svg>") + 6])


def bars(*counts: tuple[int, int]) -> list[tuple[str, float, float, float]]:
    """Per day its title, the heights of accepted and refused, and where the whole ends, in pixels above the floor."""
    found = []
    for group in svg(*counts).findall("g"):
        _, accepted, refused = group.findall("rect")
        title = group.findtext("title") or ""
        top = charts.FLOOR - float(refused.attrib["y"])
        found.append((title, float(accepted.attrib["height"]), float(refused.attrib["height"]), top))
    return found


FORTNIGHT = [(120, 3), (0, 0), (98, 0), (0, 2), *[(10 * n, n) for n in range(10)]]


def test_the_chart_has_a_name_and_tells_its_totals() -> None:
    picture = svg(*FORTNIGHT)
    assert picture.attrib["role"] == "img"
    assert picture.attrib["aria-labelledby"].split() == ["calls-title", "calls-desc"]
    assert [picture.find(f"*[@id='calls-{each}']") is not None for each in ("title", "desc")] == [True, True]
    assert picture.findtext("title") == "Calls of the last days"
    assert picture.findtext("desc") == "In 14 days: 668 accepted, 50 refused."


def test_every_day_has_a_bar_with_a_title_and_a_row_with_the_same_numbers() -> None:
    text = drawn(*FORTNIGHT)
    rows = re.findall(r'datetime="([^"]+)">[^<]+</time></th><td>([\d,]+)</td><td>([\d,]+)</td>', text)
    assert [(int(a), int(r)) for _, a, r in rows] == FORTNIGHT
    assert rows[0][0] == "2026-11-08"
    assert rows[-1][0] == "2026-11-21"
    assert [title for title, *_ in bars(*FORTNIGHT)][:2] == [
        "8 Nov: 120 accepted, 3 refused",
        "9 Nov: 0 accepted, 0 refused",
    ]
    assert len(bars(*FORTNIGHT)) == 14
    assert text.index("<details>") > text.index("</svg>")


def test_bars_are_as_high_as_their_numbers() -> None:
    (_, accepted, refused, top), (_, twice, *_) = bars((50, 25), (100, 0))
    assert (accepted, refused, top) == (76.0, 38.0, 114.0)
    assert twice == 2 * accepted


def test_one_refusal_among_thousands_is_seen_and_none_is_not() -> None:
    (_, accepted, one, _), (_, _, none, _), (_, little, much, _) = bars((9000, 1), (9000, 0), (1, 9000))
    assert (one, none, little) == (charts.LEAST, 0.0, charts.LEAST)
    assert accepted > 100
    assert much > 100


@pytest.mark.parametrize(
    ("most", "step", "top"),
    [
        (0, 1, 0), (1, 1, 1), (2, 1, 2), (4, 1, 4), (5, 2, 6), (7, 2, 8), (8, 2, 8), (9, 5, 10), (20, 5, 20),
        (21, 10, 30), (99, 50, 100), (1000, 500, 1000), (1001, 500, 1500), (8_200, 5_000, 10_000),
        (1_300_000, 500_000, 1_500_000),
    ],
)  # fmt: skip
def test_the_axis_is_round(most: int, step: int, top: int) -> None:
    assert charts.axis(most) == (step, top)


def test_the_axis_is_written_inside_above_its_lines() -> None:
    picture = svg((8_200, 0), (1, 1))
    lines = [float(line.attrib["y1"]) for line in picture.findall("line")]
    texts = [(text.text, float(text.attrib["y"])) for text in picture.findall("text") if text.attrib["x"] == "0"]
    assert [text for text, _ in texts] == ["0", "5k", "10k"]
    assert [y + 4 for _, y in texts] == lines
    assert lines == [charts.FLOOR, 96.0, charts.TOP]


def test_no_call_at_all_is_said_in_words() -> None:
    assert drawn((0, 0), (0, 0)) == '<p class="quiet chart-empty">No calls in these days.</p>\n'
    assert drawn() == drawn((0, 0))
    assert "Send the first one." in drawn((0, 0), none_yet="Send the first one.")


def test_a_single_day_is_a_bar_and_not_a_wall() -> None:
    bar = svg((7, 2)).findall("g")[0].findall("rect")[1]
    assert float(bar.attrib["width"].removesuffix("%")) < 13
    assert float(bar.attrib["x"].removesuffix("%")) > 80


@pytest.mark.parametrize("count", [1, 2, 7, 8, 14, 30, 90])
def test_few_days_are_named_and_the_last_one_always(count: int) -> None:
    names = [text for text in svg(*[(1, 0)] * count).findall("text") if text.attrib["x"] != "0"]
    assert 1 <= len(names) <= 7
    assert (names[-1].text, names[-1].attrib["text-anchor"]) == ("21 Nov", "end")
    on_a_phone = [name for name in names if name.attrib["class"] == "chart-text"]
    assert len(on_a_phone) <= 4
    assert names[-1] in on_a_phone


def test_nothing_in_it_needs_inline_style_or_script() -> None:
    text = drawn(*FORTNIGHT)
    assert not re.search(r"<style|<script|\sstyle=|\son[a-z]+=|href=", text)
    assert 'fill="url(#calls-hatch)"' in text
    assert '<pattern id="calls-hatch"' in text


def test_every_class_of_the_chart_is_in_the_style_sheet() -> None:
    path = finders.find("fairlead/charts.css")
    assert path is not None
    with open(path) as sheet:
        known = set(re.findall(r"\.([a-z-]+)", sheet.read()))
    used = {name for names in re.findall(r'class="([^"]+)"', drawn(*FORTNIGHT)) for name in names.split()}
    assert used - known == {"unseen"}


def test_names_are_escaped() -> None:
    text = drawn((1, 1), accepted="<b>&", refused='"x')
    assert "<b>" not in text
    assert "&lt;b&gt;&amp;" in text


def test_numbers_of_the_drawing_have_points_in_every_language() -> None:
    with override("de"):
        text = drawn((1234, 5), (1, 0))
        assert re.search(r"<td>1\.234</td><td>5</td>", text)
        for value in re.findall(r'\s(?:x|y|width|height|x1|x2|y1|y2)="([^"]+)"', text):
            assert re.fullmatch(r"\d+(\.\d+)?%?", value), value


def test_its_lengths_are_the_same_in_a_language_that_writes_a_comma() -> None:
    english = bars(*FORTNIGHT)
    with override("de"):
        german = bars(*FORTNIGHT)
        assert ">21. Nov. 2026<" in drawn(*FORTNIGHT)
    assert [each[1:] for each in german] == [each[1:] for each in english]
