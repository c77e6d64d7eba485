"""Mails leave after commit, beside the request, and never take it down."""

import pytest
from django.core import mail
from django.db import transaction

from accounts.email import mailer
from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.configure import configure

TEMPLATES = {
    "verify_email": {"url": "http://testserver/x"},
    "change_email": {"url": "http://testserver/x"},
    "reset_password": {"url": "http://testserver/x"},
    "choose_password": {"url": "http://testserver/x"},
    "password_changed": {},
    "email_changed": {},
    "email_in_use": {},
    "email_change_asked": {},
    "no_password": {},
    "approved": {},
    "rejected": {},
    "people_wait": {"people": "http://testserver/x"},
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_has_a_subject_and_says_which_site_it_is_from(template, settings):
    configure(settings, SITE_NAME="Smith & Sons")
    mailer.send(template, to="person@example.org", language="", **TEMPLATES[template])
    (sent,) = mail.outbox
    assert "Smith & Sons" in sent.subject
    assert "http" not in sent.subject
    assert "Smith & Sons" in sent.body
    assert "http://testserver" in sent.body
    assert "\n" not in sent.subject
    assert sent.body.strip()
    assert "{" not in sent.body
    for value in TEMPLATES[template].values():
        assert value in sent.body


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_mailed():
    with transaction.atomic():
        mailer.send("approved", to="person@example.org", language="")
        transaction.set_rollback(True)
    assert not mail.outbox


@pytest.mark.django_db
def test_nobody_is_greeted_by_a_name_that_a_stranger_chose(django_capture_on_commit_callbacks):
    """A name is up to whoever registers: it would carry their words, under our sender, to any address."""
    user = User.objects.create_user("person@example.org", PASSWORD, name="Win a prize at evil.example")
    with django_capture_on_commit_callbacks(execute=True):
        for template, context in TEMPLATES.items():
            mailer.send(template, to=user.email, language="", user=user, **context)
    assert not [sent for sent in mail.outbox if "prize" in sent.body + sent.subject]
