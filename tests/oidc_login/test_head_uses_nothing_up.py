"""Scanners of mail and previews of links ask by HEAD: no address uses up what is there once by that."""

import re
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from fairlead.credentials.one_time import OneTime
from fairlead.orgs import invitations, organizations
from fairlead.orgs.models import Membership, Role
from tests import compared
from tests.test_every_url import PASSWORD, _address, _urls

# Refusals are put on record, and attempts and looks of a session are counted, by whatever method.
_BOUNDED = {"fairlead_audit_refusal", "fairlead_web_attemptcounter", "accounts_session"}
_CHANGES = re.compile(r'(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "(\w+)"')


def _one_time_rows():
    kinds = [each for each in apps.get_models() if issubclass(each, OneTime)]
    return {each.__name__: list(each._base_manager.order_by("pk").values()) for each in kinds}


@pytest.fixture
def good_for_once(browser):
    """Queries that each hold something good for one use, for the client that asks."""
    person = User.objects.create_user("person@example.org", PASSWORD, verified_by="link")
    User.objects.create_user("third@example.org", PASSWORD, verified_by="link")
    browser.provider.claims |= {"sub": "subject-3", "email": "third@example.org", "email_verified": False}
    to_confirm = browser.sign_in(code="third")
    browser.provider.claims |= {"sub": "subject-1", "email": person.email, "email_verified": True}
    exchange = browser.sign_in()
    state = browser.provider.authorize(browser.initiate(), "second")
    out = StringIO()
    call_command("signin_link", "person@example.org", stdout=out, stderr=StringIO())
    body = {"email": person.email, "password": PASSWORD}
    access = browser.client.post("/api/auth/login", body, content_type="application/json").json()["access_token"]
    call = {"content_type": "application/json", "headers": {"Authorization": f"Bearer {access}"}}
    begun = browser.client.post("/api/auth/identities/link", {"provider": "default"}, **call).json()
    browser.client.post("/api/auth/password-reset", {"email": person.email}, content_type="application/json")
    browser.client.post("/api/auth/register", {**body, "email": "new@example.org"}, content_type="application/json")
    browser.client.post("/api/auth/me/email", {"email": "other@example.org", "password": PASSWORD}, **call)
    organization = organizations.create("Acme", admin=person)
    administrator = Membership.objects.get(organization=organization, user=person)
    invitations.create(organization, email="guest@example.org", role=Role.MEMBER, by=administrator)
    mailed = [{"token": each} for sent in mail.outbox for each in re.findall(r"token=(\S+)", sent.body)]
    made = urlsplit(out.getvalue().strip())
    return [
        to_confirm,
        exchange,
        state,
        dict([each.split("=", 1) for each in made.query.split("&")]),
        dict([each.split("=", 1) for each in urlsplit(begun["initiateUrl"]).query.split("&")]),
        *mailed,
    ]


def test_no_address_changes_anything_when_it_is_asked_by_head(browser, good_for_once, monkeypatch):
    monkeypatch.setattr(Client, "request", compared._ask)
    before, changed = _one_time_rows(), []
    assert {name for name, rows in before.items() if rows} == set(before)
    for address in sorted({_address(route) for route in _urls()}):
        for query in good_for_once:
            with CaptureQueriesContext(connection) as asked:
                browser.client.head(address, query)
            tables = {table for each in asked for table in _CHANGES.findall(each["sql"])}
            changed += [(address, *query, table) for table in tables - _BOUNDED]
    assert changed == []
    assert _one_time_rows() == before
