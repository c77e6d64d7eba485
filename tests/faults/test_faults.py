"""Faults planted one at a time, of every group. Whoever is refused reads what to do, and no setting's name; the
operator reads the exact name of the setting, with what it was set to where a rule of ours says no, or whom to turn to.

What `manage.py doctor` says of settings, services, providers and pools has tables of its own, in tests/web,
tests/oidc_login, tests/userpools and tests/config.
"""

import dataclasses
import re

import pytest

from config.environment import Environment
from fairlead.conf import known
from tests.faults import at_sign_in, at_the_doors, with_passwords
from tests.faults.stage import Stage, Told

pytestmark = pytest.mark.django_db
SETTINGS = {key for key, _, _ in known()} | {each.name.upper() for each in dataclasses.fields(Environment)}
OURS = {name for name in SETTINGS if "_" in name} | {"trust_email", "client_secret", "mobile_client_ids"}
WHAT_TO_DO = re.compile(
    r"\b(add|allow|ask|begin|change|check|choose|compare|copy|correct|get|give|go back|have|look|make|name|open|publish|"
    r"reload|try|send|set|sign|start|tell|turn|use|verify|wait|write|you need not)\b",
    re.IGNORECASE,
)
AGAIN = re.compile(r"try (it )?(once )?again|try once more|in a (moment|few)", re.IGNORECASE)
FAULTS = {**at_sign_in.FAULTS, **with_passwords.FAULTS, **at_the_doors.FAULTS}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_told_to_each_in_their_words(stage: Stage, name: str) -> None:
    plant, says = FAULTS[name]
    told = plant(stage)
    assert isinstance(told, Told)
    assert not {each for each in OURS if re.search(rf"\b{each}\b", told.person)}, told.person
    assert WHAT_TO_DO.search(told.person), told.person
    for text in says:
        assert text in told.operator, told.operator


def test_there_are_enough_of_them() -> None:
    assert len(FAULTS) >= 100
