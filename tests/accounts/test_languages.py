"""Mails speak the language of the person, whoever causes them."""

import json

import pytest
from django.core import mail
from django.utils import translation

from accounts import review, unverified
from accounts.email import mailer
from accounts.models import User
from accounts.passwords import reset
from tests.accounts.conftest import PASSWORD

GERMAN = {"Accept-Language": "de"}
pytestmark = pytest.mark.django_db(transaction=True)


def person(language: str, **fields) -> User:
    return User.objects.create_user("person@example.org", PASSWORD, verified_by="link", language=language, **fields)


def subject() -> str:
    (sent,) = mail.outbox
    return sent.subject


def test_whoever_registers_keeps_the_language_of_the_page(client):
    entered = {"name": "Demo", "email": "new@example.org", "password": PASSWORD}
    client.post("/register", entered, headers=GERMAN)
    assert User.objects.get().language == "de"
    assert subject() == "Bestätigen Sie Ihre E-Mail-Adresse bei Fairlead"
    assert "Der Link gilt einmal, drei Tage lang." in mail.outbox[0].body


def test_a_program_that_asks_for_no_language_settles_none(client):
    sent = json.dumps({"name": "Demo", "email": "new@example.org", "password": PASSWORD})
    client.post("/api/auth/register", sent, "application/json")
    assert User.objects.get().language == ""
    assert subject() == "Confirm your e-mail address at Fairlead"


def test_a_mail_speaks_the_persons_language_and_not_that_of_who_ordered_it(client):
    person("de")
    client.post("/password-reset", {"email": "person@example.org"}, headers={"Accept-Language": "en"})
    assert subject() == "Setzen Sie Ihr Passwort bei Fairlead zurück"


def test_a_mail_to_somebody_whose_language_is_not_known_speaks_that_of_the_request(client):
    person("")
    client.post("/password-reset", {"email": "person@example.org"}, headers=GERMAN)
    assert subject() == "Setzen Sie Ihr Passwort bei Fairlead zurück"


def test_a_language_that_is_offered_no_more_is_not_spoken(client):
    person("fr")
    client.post("/password-reset", {"email": "person@example.org"}, headers=GERMAN)
    assert subject() == "Setzen Sie Ihr Passwort bei Fairlead zurück"


def test_what_administrators_decide_is_told_in_the_persons_language():
    waiting = person("de", status="pending")
    review.approve(waiting, actor=None)
    reset.mail_link(User.objects.get(), actor=None)
    assert [sent.subject for sent in mail.outbox] == [
        "Ihr Konto bei Fairlead ist bereit",
        "Wählen Sie ein Passwort bei Fairlead",
    ]


def test_the_owner_of_an_address_is_told_in_their_own_language(client):
    person("de")
    User.objects.create_user("other@example.org", PASSWORD, verified_by="link", language="en")
    client.post("/login", {"email": "other@example.org", "password": PASSWORD})
    client.post("/account/email", {"email-new_email": "person@example.org", "email-password": PASSWORD})
    told = {sent.to[0]: sent.subject for sent in mail.outbox}
    assert told == {
        "person@example.org": "Ihre E-Mail-Adresse bei Fairlead",
        "other@example.org": "Your e-mail address at Fairlead is about to change",
    }


def test_the_language_of_who_wrote_a_mail_does_not_stay():
    with translation.override("en"):
        mailer.send("approved", to="person@example.org", language="de")
        assert translation.get_language() == "en"


def test_who_empties_an_account_leaves_no_language_of_a_strangers():
    strangers = person("de")
    unverified.wipe(strangers)
    assert User.objects.get().language == ""
