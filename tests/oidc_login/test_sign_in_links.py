"""The one-time address for an administrator whom no other way lets in."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from fairlead.audit.models import AuditEvent
from oidc_login.models import SignInLink
from tests.configure import configure

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return User.objects.create_user("Admin@example.org", None, is_staff=True)


def made(email="admin@example.org"):
    out = StringIO()
    call_command("signin_link", email, stdout=out, stderr=StringIO())
    return out.getvalue().strip().removeprefix("http://testserver")


def token_of(address):
    return address.partition("token=")[2]


def test_link_signs_in_once_after_a_click(admin, settings):
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    address = made("ADMIN@example.org")
    client = Client()
    assert "Sign in" in client.get(address).content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post("/signin-link", {"token": token_of(address)})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert Client().post("/signin-link", {"token": token_of(address)}).status_code == 400


def test_newer_link_cancels_the_older(admin):
    older, newer = made(), made()
    assert Client().post("/signin-link", {"token": token_of(older)}).status_code == 400
    assert Client().post("/signin-link", {"token": token_of(newer)}).status_code == 302


def test_link_lives_ten_minutes(admin):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        address = made()
        clock.shift(600)
        assert Client().post("/signin-link", {"token": token_of(address)}).status_code == 400


def test_link_is_kept_as_a_digest_and_on_record(admin):
    address = made()
    assert token_of(address) not in str(list(SignInLink.objects.values()))
    assert AuditEvent.objects.get(event="sign_in_link_made").subject_id == str(admin.pk)


@pytest.mark.parametrize("token", ["", "x", "\x00", "flo_" + "a" * 49])
def test_invented_link_signs_nobody_in(admin, token):
    made()
    client = Client()
    assert client.post("/signin-link", {"token": token}).status_code == 400
    assert "_auth_user_id" not in client.session


def test_command_says_why_it_makes_no_link(admin):
    with pytest.raises(CommandError, match="Nobody here"):
        made("nobody@example.org")
    User.objects.update(status="suspended", is_active=False)
    with pytest.raises(CommandError, match="suspended"):
        made()


def test_suspended_meanwhile_stays_outside(admin):
    address = made()
    User.objects.update(status="suspended", is_active=False)
    client = Client()
    assert client.post("/signin-link", {"token": token_of(address)}).status_code == 403
    assert "_auth_user_id" not in client.session
