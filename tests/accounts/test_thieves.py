"""Somebody who knew the password for a while: what the owner's new password takes away from them."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User

PASSWORD = "correct horse battery"
NEW = "another long enough one"


def login(client, password):
    body = {"email": "person@example.org", "password": password}
    return client.post("/api/auth/login", body, content_type="application/json").json()["access_token"]


def post(path, body, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client().post(f"/api/auth/{path}", body, content_type="application/json", headers=headers)


def token_mailed_to(address):
    (message,) = [each for each in mail.outbox if each.to == [address]]
    return re.search(r"token=(\S+)", message.body).group(1)


@pytest.fixture
def pending_change(person, django_capture_on_commit_callbacks):
    """A thief has asked for a change to an address of their own. The token of that mail."""
    with django_capture_on_commit_callbacks(execute=True):
        asked = post(
            "email/change", {"newEmail": "thief@evil.example", "password": PASSWORD}, login(Client(), PASSWORD)
        )
    assert asked.status_code == 202
    return token_mailed_to("thief@evil.example")


def test_change_of_password_takes_a_pending_change_of_address_along(person, pending_change):
    changed = post("change-password", {"currentPassword": PASSWORD, "newPassword": NEW}, login(Client(), PASSWORD))
    assert changed.status_code == 204
    assert post("email/verify", {"token": pending_change}).status_code == 400
    assert User.objects.get().email == "Person@Example.org"


def test_reset_of_password_takes_a_pending_change_of_address_along(
    person, pending_change, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        post("password-reset", {"email": "person@example.org"})
    mailed = [each.body for each in mail.outbox if "password-reset/confirm?token=" in each.body]
    reset = re.search(r"token=(\S+)", mailed[0]).group(1)
    assert post("password-reset/confirm", {"token": reset, "newPassword": NEW}).status_code == 204
    assert post("email/verify", {"token": pending_change}).status_code == 400
    assert User.objects.get().email == "Person@Example.org"


def test_suspended_persons_pending_change_is_void(person, pending_change):
    User.objects.update(status="suspended", is_active=False)
    assert post("email/verify", {"token": pending_change}).status_code == 403
    assert User.objects.get().email == "Person@Example.org"
