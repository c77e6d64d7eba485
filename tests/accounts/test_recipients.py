"""Mails that somebody orders for an address: counted by who orders them, and by the address in all."""

import pytest
import time_machine
from django.core import mail

from accounts.models import User
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        yield


@pytest.fixture
def ask(api, person, django_capture_on_commit_callbacks):
    def ask(network):
        api.client.defaults["REMOTE_ADDR"] = network
        with django_capture_on_commit_callbacks(execute=True):
            assert api.post("password-reset", {"email": "person@example.org"}).status_code == 202
        return len(mail.outbox)

    return ask


def test_a_stranger_cannot_use_up_the_mails_of_an_address(ask):
    assert [ask("192.0.2.1") for _ in range(7)][-1] == 5
    assert ask("198.51.100.7") == 6


def test_nobody_gets_more_than_twenty_an_hour(ask):
    for network in range(6):
        for _ in range(5):
            sent = ask(f"192.0.2.{network}")
    assert sent == 20


@pytest.mark.parametrize(
    ("signed_in_from", "asks_from", "sent"),
    [
        ("203.0.113.9", "203.0.113.9", 25),
        ("203.0.113.9", "203.0.113.10", 20),
        ("2001:db8::1", "2001:db8::2", 25),
        ("2001:db8::1", "2001:db8:0:1::1", 20),
    ],
)
def test_five_more_are_kept_for_where_the_account_was_used(api, ask, signed_in_from, asks_from, sent):
    api.client.defaults["REMOTE_ADDR"] = signed_in_from
    assert api.login("person@example.org").status_code == 200
    for network in range(6):
        for _ in range(5):
            ask(f"192.0.2.{network}")
    assert [ask(asks_from) for _ in range(7)][-1] == sent


def test_changes_of_address_are_counted_for_the_new_one(api, person, django_capture_on_commit_callbacks):
    answers = []
    for number in range(6):
        User.objects.create_user(f"thief-{number}@example.org", PASSWORD, verified_by="link")
        token = api.login(f"thief-{number}@example.org").json()["access_token"]
        body = {"newEmail": "victim@example.org", "password": PASSWORD}
        with django_capture_on_commit_callbacks(execute=True):
            answers.append(api.post("email/change", body, token=token).status_code)
    assert answers == [202] * 5 + [429]
    assert len([each for each in mail.outbox if each.to == ["victim@example.org"]]) == 5
