"""The bench's own arithmetic: what it counts and how it judges. No timing."""

import json

import pytest
from django.db import transaction

from bench import results
from bench.counting import counted
from bench.results import Row
from fairlead.orgs.models import Organization


@pytest.mark.parametrize(
    ("measured", "more_is_better", "met"),
    [(1.0, False, "best"), (1.5, False, "yes"), (2.5, False, "NO"), (2.5, True, "best"), (0.5, True, "NO")],
)
def test_a_figure_is_held_against_its_target_in_the_right_direction(measured, more_is_better, met):
    must, best = (2.0, 1.0) if not more_is_better else (1.0, 2.0)
    row = Row(target="T0", what="x", measured=measured, must=must, best=best, more_is_better=more_is_better)
    assert row.met == met


def test_a_figure_without_a_target_is_neither_met_nor_missed():
    assert Row(target="T0", what="a peer", measured=1.0).met == ""


def test_a_figure_that_cannot_be_is_called_noise_instead_of_met():
    assert Row(target="T1", what="a check / its signature", measured=0.86, must=1.35, floor=1).met == "noise"


@pytest.mark.django_db(transaction=True)
def test_a_transaction_is_one_commit_and_a_write_outside_of_any_is_one_too():
    with counted() as seen:
        with transaction.atomic():
            Organization.objects.create(name="First")
            with transaction.atomic():
                Organization.objects.create(name="Second")
        Organization.objects.filter(name="First").update(name="Third")
        Organization.objects.filter(name="First").exists()
    assert (seen.queries, seen.writes, seen.commits) == (4, 3, 2)


def test_what_was_measured_is_written_with_its_verdict(tmp_path):
    row = Row(target="T1", what="x", measured=2.0, must=1.0)
    written = json.loads(results.write([row], file=tmp_path / "bench.json").read_text())
    assert written["rows"][0]["met"] == "NO"
    assert written["libraries"]["Django"]
