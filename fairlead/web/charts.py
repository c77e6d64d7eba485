"""A bar chart of two counts a day, drawn on the server as SVG that our CSP shows.

Under `style-src 'self'` a `style` attribute or element inside the SVG is dropped and everything turns black: only
presentation attributes and classes of charts.css are used. There is no viewBox: widths are percentages and heights
pixels, so letters keep their size on a phone. The same numbers stand in a table below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

HEIGHT, TOP, FLOOR = 200, 20, 172  # pixels from the upper edge
GUTTER = 11.0  # per cent of the width, for the numbers of the axis
LEAST = 4  # pixels: one refusal beside thousands of accepted calls stays in sight
_MOST_STEPS, _MOST_DAYS_NAMED, _FEWEST_SLOTS = 4, 7, 7


@dataclass(frozen=True, kw_only=True)
class Day:
    day: date
    accepted: int
    refused: int


class _Bar(NamedTuple):
    """One day. Lengths are texts as SVG wants them: a template would write a German comma into a number."""

    day: date
    accepted: str
    refused: str
    title: str
    slot_x: str
    slot_width: str
    x: str
    width: str
    accepted_y: str
    accepted_height: str
    refused_y: str
    refused_height: str
    label: str
    label_x: str
    anchor: str
    label_class: str


class _Line(NamedTuple):
    y: str
    label_y: str
    label: str


def calls(
    days: Sequence[Day], *, name: str, title: str, accepted: str = "", refused: str = "", none_yet: str = ""
) -> SafeString:
    """The chart as HTML. Days in order, oldest first.

    `name` begins the ids within the page, and is a word of ours. `accepted` and `refused` name the two counts.
    """
    accepted, refused = accepted or _("accepted"), refused or _("refused")
    step, top = axis(max((each.accepted + each.refused for each in days), default=0))
    words = {"accepted": accepted, "refused": refused}
    context = {
        "name": name, "title": title, **words, "height": HEIGHT, "plot": FLOOR - TOP, "top": TOP,
        "label_y": HEIGHT - 8, "days": len(days), "none_yet": none_yet or _("No calls in these days."),
        "bars": [_bar(each, at, count=len(days), top=top, words=words) for at, each in enumerate(days)],
        "lines": [_line(value, top=top) for value in range(0, top + 1, step)] if top else [],
        "total_accepted": _number(sum(each.accepted for each in days)),
        "total_refused": _number(sum(each.refused for each in days)),
    }  # fmt: skip
    return render_to_string("fairlead/chart.html", context)


def axis(most: int) -> tuple[int, int]:
    """Distance of the lines, 1, 2 or 5 times a power of ten, and the highest line. (1, 0) where there is nothing."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most <= step * _MOST_STEPS:
                return step, -(-most // step) * step
        power *= 10


def _bar(day: Day, at: int, *, count: int, top: int, words: dict[str, str]) -> _Bar:
    # One day alone is a bar at the right, not a wall.
    slot = (100 - GUTTER) / max(count, _FEWEST_SLOTS)
    left = 100 - (count - at) * slot
    low, high = _pixels(day.accepted, top), _pixels(day.refused, top)
    shown = {"accepted": _number(day.accepted), "refused": _number(day.refused)}
    name = date_format(day.day, "j M")
    nth, named = _named(at, count=count)
    last = at == count - 1
    return _Bar(
        day=day.day, **shown, title=f"{name}: {shown['accepted']} {words['accepted']}, "
        f"{shown['refused']} {words['refused']}", slot_x=_percent(left), slot_width=_percent(slot),
        x=_percent(left + slot * 0.18), width=_percent(slot * 0.64),
        accepted_y=f"{FLOOR - low:.1f}", accepted_height=f"{low:.1f}",
        refused_y=f"{FLOOR - low - high:.1f}", refused_height=f"{high:.1f}",
        label=name if named else "", label_x=_percent(left + slot if last else left + slot / 2),
        anchor="end" if last else "middle", label_class="chart-text chart-between" if nth % 2 else "chart-text",
    )  # fmt: skip


def _named(at: int, *, count: int) -> tuple[int, bool]:
    """Whether the day's name is written below, as the how manieth from the right. The last day's always is.

    Every other name disappears on a phone.
    """
    nth, rest = divmod(count - 1 - at, -(-count // _MOST_DAYS_NAMED))
    return nth, rest == 0


def _line(value: int, *, top: int) -> _Line:
    y = FLOOR - (FLOOR - TOP) * value / top
    return _Line(y=f"{y:.1f}", label_y=f"{y - 4:.1f}", label=_short(value))


def _pixels(value: int, top: int) -> float:
    return max(LEAST, (FLOOR - TOP) * value / top) if value else 0.0


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)


def _short(value: int) -> str:
    for size, letter in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{number_format(value / size, decimal_pos=0 if value % size == 0 else 1)}{letter}"
    return str(value)
