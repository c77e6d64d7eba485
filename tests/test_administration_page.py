"""What docs/administration.md tells to type is understood by the command, and what it names is there."""

import dataclasses
import re
import shlex

import pytest
from django.contrib import admin
from django.core.management import get_commands, load_command_class

from accounts.models import SignInPolicy, User
from config.environment import Environment
from fairlead.audit.models import Refusal
from fairlead.orgs.models import ApiKey, Organization
from oidc_login.models import Provider
from tests.house import ROOT

PAGE = (ROOT / "docs" / "administration.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"`python manage\.py ([^`]+)`", PAGE)


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_command_takes_what_the_page_says(typed):
    name, *arguments = shlex.split(typed)
    application = get_commands()[name]
    command = load_command_class(application, name) if isinstance(application, str) else application
    command.create_parser("manage.py", name).parse_args(arguments)


def test_options_that_stand_alone_are_those_of_the_command_before_them():
    for command, option in (("create_organization", "--slug"), ("create_api_key", "--days")):
        assert option in PAGE.partition(command)[2].partition("\n* ")[0]
        parser = load_command_class("fairlead.orgs", command).create_parser("manage.py", command)
        assert option in parser.format_help()


def test_every_variable_that_is_named_is_one():
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", PAGE))
    assert {name.lower() for name in named} <= {each.name for each in dataclasses.fields(Environment)}
    assert named >= {"USER_SIGNUP", "OIDC_SIGNUP", "SIGNUP_EMAIL_DOMAINS", "DISABLE_INTERNAL_AUTH"}


@pytest.mark.parametrize("model", [SignInPolicy, User, Provider, Organization, ApiKey, Refusal])
def test_lists_that_are_named_stand_in_the_administration(model):
    assert admin.site.is_registered(model)
    plural = str(model._meta.verbose_name_plural)
    assert plural[0].upper() + plural[1:] in PAGE
