"""`manage.py import_identities`, against the tables that django-allauth itself made."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.house import ROOT

OURS = "https://id.example.org/realms/shop"


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.oidc_login.moving_project"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def line(text: str, part: str) -> str:
    (found,) = [each for each in text.splitlines() if part in each]
    return found


def test_plan_says_what_moves_and_writes_nothing(seen):
    assert line(seen["plan"], "socialaccount 1 ").startswith("moves")
    assert "Run it again with --apply" in seen["plan"]
    assert seen["after plan"] == 0


def test_subject_becomes_an_identity_of_the_provider_as_it_is_set_up_here(seen):
    assert ["ann", OURS, "subject-ann", "shop"] in seen["identities"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("socialaccount 3 ", "linked to another subject of this issuer"),
        ("socialaccount 4 (github)", "not the subject of an ID token"),
        ("socialaccount 5 (google)", "no provider with the issuer https://accounts.google.com is set up here"),
        ("socialaccount 6 (by-number)", "another field than sub"),
        ("socialaccount 7 (legacy)", "--issuer legacy=https://"),
    ],
)
def test_row_that_cannot_be_moved_is_left_with_its_reason(seen, row, reason):
    assert line(seen["applied"], row).startswith("left")
    assert reason in line(seen["applied"], row)
    assert len(seen["identities"]) == 2


def test_second_run_changes_nothing(seen):
    assert "0 moved, 2 there already, 5 left" in seen["again"]
    assert seen["after again"] == 2


def test_issuer_of_an_unknown_provider_is_named_by_the_operator(seen):
    assert line(seen["named"], "socialaccount 7 ").startswith("moved")


def test_each_link_is_on_record(seen):
    assert seen["events"] == 3


def test_issuers_have_to_be_named_in_a_form_that_can_be_understood(seen):
    assert "ID=URL" in seen["malformed"]
    assert "--issuer https://id.example.org" in seen["no issuer"]
    assert "No provider with the issuer https://other.example.org" in seen["unknown issuer"]


def test_people_without_a_subject_are_expected_by_address(seen):
    assert seen["after addresses plan"] == 0
    assert seen["expected"] == [["ann", OURS, "ann@example.org"]]
    assert seen["expected events"] == 1


@pytest.mark.parametrize(
    "reason",
    ["has no e-mail address", "other accounts have the same address", "administrators link from their account"],
)
def test_person_who_cannot_be_known_by_address_is_left_with_the_reason(seen, reason):
    assert reason in seen["addresses plan"]


def test_expecting_the_same_people_again_changes_nothing_until_something_changes(seen):
    assert "0 moved, 1 there already" in seen["addresses again"]
    assert "1 moved, 1 there already" in seen["addresses without the twin"]
