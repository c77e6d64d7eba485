"""One table of sentences: each cause has one for whoever can mend it, each code a person's, and none misleads."""

import dataclasses
import re
import string

import pytest

from config.environment import Environment
from fairlead import causes
from fairlead.conf import known
from fairlead.idtokens.errors import NetworkFault
from oidc_login.codes import Code
from oidc_login.flow import provider_faults
from oidc_login.models import Provider

VARIABLES = {field.name for field in dataclasses.fields(Environment)}
SETTINGS = {key.lower() for key, _, _ in known()} | {field.name for field in Provider._meta.fields} | VARIABLES
NAMES = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b|\b[a-z]+(?:_[a-z]+)+\b")
# The standard's own word, and a field of the call it is told to.
WORDS = {"id_token", "at_hash"}
# Words of ours in capitals that are no settings.
NO_SETTINGS = {"AUTHENTICATION_BACKENDS", "PASSWORD_HASHERS"}
TRY_AGAIN = re.compile(r"try (it )?(once )?again|try once more|in a (moment|few)", re.IGNORECASE)


def of_person(code):
    return " ".join(dataclasses.astuple(causes.PERSON[code]))


def facts_of(sentence):
    return {name: f"<{name}>" for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_code_and_every_cause_has_what_the_person_is_told():
    assert {str(code) for code in Code} <= set(causes.PERSON)
    assert {each.code for each in causes.TABLE.values()} == set(causes.PERSON)


@pytest.mark.parametrize("cause_id", list(causes.TABLE))
def test_every_cause_tells_operator_and_developer_in_whole_sentences(cause_id):
    found = causes.TABLE[cause_id]
    facts = facts_of(found.operator) | facts_of(found.developer)
    cause = causes.cause(cause_id, **facts)
    for said in (cause.operator, cause.developer):
        assert len(said.split()) >= 4
        assert said.strip() == said
        assert said.endswith((".", ">"))
    assert all(fact in cause.operator + cause.developer for fact in facts.values())


@pytest.mark.parametrize("cause_id", list(causes.TABLE))
def test_a_setting_that_is_named_is_one(cause_id):
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", causes.TABLE[cause_id].operator)) - NO_SETTINGS
    assert {name.lower() for name in named} <= SETTINGS


@pytest.mark.parametrize("code", list(causes.PERSON))
def test_no_person_reads_the_name_of_a_setting(code):
    text = of_person(code)
    assert {name.lower() for name in NAMES.findall(text)} - WORDS == set()
    assert not {name for name in SETTINGS if "_" in name and name in text.lower()}


@pytest.mark.parametrize("cause_id", [name for name, each in causes.TABLE.items() if each.lasting])
def test_nobody_is_told_to_try_again_what_stays_as_it_is(cause_id):
    found = causes.TABLE[cause_id]
    assert not TRY_AGAIN.search(f"{found.operator} {found.developer} {of_person(found.code)}")


def test_closed_lists_have_a_cause_for_each_member():
    wanted = {f"network.{fault}" for fault in NetworkFault}
    wanted |= {f"callback.{error}" for error in provider_faults.RESPONSE_ERRORS}
    wanted |= {f"token_endpoint.{error}" for error in provider_faults.TOKEN_ERRORS}
    assert wanted - set(causes.TABLE) == set()
    found = {name for name in causes.TABLE if name.startswith("network.")}
    assert found == {f"network.{fault}" for fault in NetworkFault}
