"""The bench's own arithmetic: what it counts and how it compares. No timing."""

import json

import pytest
from django.db import transaction

from bench import results, targets
from bench.counting import counted
from bench.results import Row
from bench.targets import PARTS, TARGETS, By
from fairlead.orgs.models import Organization


def test_every_target_of_the_plan_is_in_the_table():
    assert list(TARGETS) == [f"T{number}" for number in range(1, 25)]
    for name, target in TARGETS.items():
        assert any(part.must is not None for part in target.parts.values()), name


@pytest.mark.parametrize(
    ("part", "measured", "met"),
    [
        ("T2.again", 1.0, "best"),
        ("T2.again", 2.0, "yes"),
        ("T2.again", 3.5, "NO"),
        ("T17.served", 0.95, "best"),
        ("T17.served", 0.8, "yes"),
        ("T17.served", 0.79, "NO"),
        ("T3.queries", 0, "yes"),
        ("T3.queries", 1, "NO"),
    ],
)
def test_a_figure_is_held_against_its_target_in_the_right_direction(part, measured, met):
    assert Row(part=part, measured=measured).met == met


def test_a_figure_without_a_target_is_neither_met_nor_missed():
    assert Row(part="T3.r", measured=0.1).met == ""


def test_a_figure_that_cannot_be_is_called_noise_instead_of_met():
    assert Row(part="T1.es256", measured=0.86).met == "noise"


def test_a_figure_for_no_target_is_refused():
    with pytest.raises(KeyError, match="T99"):
        Row(part="T99.x", measured=1)


def _all_of(target: str, measured: float) -> list[Row]:
    return [
        Row(part=f"{target}.{name}", measured=measured)
        for name, part in TARGETS[target].parts.items()
        if part.must is not None
    ]


def test_a_target_is_met_when_all_its_parts_are():
    rows = _all_of("T18", 3.0)
    assert results.verdict("T18", rows) == "best"
    assert results.verdict("T18", [*rows[:-1], Row(part=rows[-1].part, measured=2.1)]) == "yes"
    assert results.verdict("T18", [*rows[:-1], Row(part=rows[-1].part, measured=0.5)]) == "NO"


def test_a_target_with_an_unmeasured_part_is_not_met():
    assert results.verdict("T18", _all_of("T18", 3.0)[:-1]) == "not measured"
    assert results.verdict("T18", []) == "not measured"


def test_the_table_names_every_target_and_says_what_nobody_measured():
    text = results.table([Row(part="T1.rs256", measured=1.5, peers={"PyJWT": 4.0})], by=(By.BENCH,))
    lines = text.splitlines()
    for name in TARGETS:
        assert any(line.startswith(f"{name} ") for line in lines), name
    first = next(line for line in lines if "verify RS256" in line)
    assert "PyJWT 4" in first
    assert first.endswith("best")
    assert "not measured" in next(line for line in lines if "verify ES256" in line)
    assert "by make bench-peers" in next(line for line in lines if "new token / drf-oidc-auth" in line)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_is_one_commit_and_a_write_outside_of_any_is_one_too():
    with counted() as seen:
        with transaction.atomic():
            Organization.objects.create(name="First", slug="first")
            with transaction.atomic():
                Organization.objects.create(name="Second", slug="second")
        Organization.objects.filter(name="First").update(name="Third")
        Organization.objects.filter(name="First").exists()
    assert (seen.queries, seen.writes, seen.commits) == (4, 3, 2)


def test_what_was_measured_is_written_with_its_verdict_and_read_again(tmp_path):
    row = Row(part="T2.again", measured=4.0, peers={"somebody": 5.0}, spread=(3.5, 4.5), note="noted")
    file = results.write([row], file=tmp_path / "bench.json", more="kept")
    written = json.loads(file.read_text())
    assert written["rows"][0]["met"] == "NO"
    assert written["rows"][0]["must"] == 3
    assert written["verdicts"]["T2"] == "NO"
    assert written["verdicts"]["T1"] == "not measured"
    assert written["libraries"]["Django"]
    assert written["machine"]["cores"]
    rows, document = results.read(file)
    assert rows == [row]
    assert document["more"] == "kept"


def test_parts_know_which_command_measures_them():
    assert {part.by for part in PARTS.values()} == set(By)
    assert set(PARTS) == {key for key, _ in targets.parts()}
