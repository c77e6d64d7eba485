"""Rotating SECRET_KEY: with the old one among SECRET_KEY_FALLBACKS nobody notices, without it everything of it ends."""

import base64
import hmac
from typing import Any

import pytest

from accounts.sessions import access_tokens
from fairlead import memory
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "a-new-secret-key-that-is-long-enough-0123456789-abcdefghij"


@pytest.fixture
def rotate(settings: Any) -> Any:
    """Begin to sign with another key; `keep` says whether the old one stays a fallback."""

    def rotate(*, keep: bool) -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
        settings.SECRET_KEY = NEW
        memory.forget_everything()

    return rotate


def signed_by(raw: str, secret: str) -> bool:
    signed, _, signature = raw.rpartition(".")
    made = hmac.digest(access_tokens.key(secret, "access token"), signed.encode(), "sha256")
    return signature == base64.urlsafe_b64encode(made).rstrip(b"=").decode()


@pytest.mark.parametrize(("keep", "status"), [(True, 200), (False, 401)])
def test_access_token_of_the_old_key_counts_while_that_is_a_fallback(person, api, rotate, keep, status):
    token = api.login().json()["access_token"]
    rotate(keep=keep)
    answer = api.get("me", token=token)
    assert answer.status_code == status
    if not keep:
        assert answer.json()["code"] == "bad_signature"


def test_new_tokens_are_signed_with_the_new_key_alone(person, api, rotate, settings):
    old, refresh_token = (api.login().json()[name] for name in ("access_token", "refresh_token"))
    rotate(keep=True)
    new = api.post("refresh", {"refresh_token": refresh_token}).json()["access_token"]
    assert signed_by(new, NEW)
    assert not signed_by(old, NEW)
    settings.SECRET_KEY_FALLBACKS = []
    memory.forget_everything()
    assert api.get("me", token=new).status_code == 200
    assert api.get("me", token=old).status_code == 401


def test_a_refresh_token_does_not_depend_on_the_key(person, api, rotate):
    refresh_token = api.login().json()["refresh_token"]
    rotate(keep=False)
    renewed = api.post("refresh", {"refresh_token": refresh_token})
    assert renewed.status_code == 200
    assert signed_by(renewed.json()["access_token"], NEW)


def test_two_tabs_that_refresh_across_the_rotation_get_the_same_successor(person, api, rotate):
    """The second one asks within its time of grace, and the row was rotated under the old key."""
    refresh_token = api.login().json()["refresh_token"]
    first = api.post("refresh", {"refresh_token": refresh_token}).json()["refresh_token"]
    rotate(keep=True)
    assert api.post("refresh", {"refresh_token": refresh_token}).json()["refresh_token"] == first


@pytest.mark.parametrize(("keep", "status"), [(True, 200), (False, 302)])
def test_browser_session_of_the_old_key_lives_while_that_is_a_fallback(person, client, rotate, keep, status):
    signed_in = client.post("/login", {"email": "person@example.org", "password": PASSWORD})
    assert signed_in.status_code == 302
    assert client.get("/account").status_code == 200
    rotate(keep=keep)
    assert client.get("/account").status_code == status


def test_browser_session_goes_over_to_the_new_key(person, client, rotate, settings):
    client.post("/login", {"email": "person@example.org", "password": PASSWORD})
    rotate(keep=True)
    assert client.get("/account").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    memory.forget_everything()
    assert client.get("/account").status_code == 200
