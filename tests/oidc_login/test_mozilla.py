"""What mozilla-django-oidc 5.0.2 does by itself, and that our subclass does not. An upgrade that changes it is noticed."""

import time
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from requests.exceptions import HTTPError

from accounts.models import User
from oidc_login.backends import ProviderBackend
from tests.oidc_login.scripted import KEY

SETTINGS = {
    "OIDC_OP_TOKEN_ENDPOINT": "https://op.example.org/token",
    "OIDC_OP_USER_ENDPOINT": "https://op.example.org/userinfo",
    "OIDC_RP_CLIENT_ID": "client",
    "OIDC_RP_CLIENT_SECRET": "secret",
    "OIDC_RP_SIGN_ALGO": "RS256",
    "OIDC_RP_IDP_SIGN_KEY": KEY.public_key(),
}


@pytest.fixture
def original(settings: Any) -> OIDCAuthenticationBackend:
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
    return OIDCAuthenticationBackend()


def token(**claims: Any) -> str:
    return jwt.encode({"nonce": "n", **claims}, KEY, algorithm="RS256")


@pytest.mark.parametrize(
    "claims", [{"aud": "somebody-else"}, {"iss": "https://evil.example"}, {}], ids=["aud", "iss", "no exp"]
)
def test_original_accepts_a_token_for_somebody_else(original, claims):
    assert original.verify_token(token(**claims), nonce="n")["nonce"] == "n"


@pytest.mark.parametrize("claims", [{"exp": 1}, {"iat": int(time.time()) + 3600}], ids=["expired", "future iat"])
def test_original_lets_errors_of_the_library_escape(original, claims):
    with pytest.raises(jwt.InvalidTokenError):
        original.verify_token(token(**claims), nonce="n")


def test_original_cannot_be_made_without_settings_and_ours_can():
    with pytest.raises(ImproperlyConfigured):
        OIDCAuthenticationBackend()
    assert isinstance(ProviderBackend(), ProviderBackend)


def test_original_exchanges_a_code_for_any_request_that_has_one(original, monkeypatch):
    asked = []
    monkeypatch.setattr(original, "get_token", lambda payload: asked.append(payload["redirect_uri"]) or {})
    monkeypatch.setattr(original, "verify_token", lambda *args, **kwargs: {})
    request = RequestFactory().post("/api/auth/login?code=a&state=b", headers={"Host": "testserver"})
    monkeypatch.setattr("mozilla_django_oidc.auth.reverse", lambda name: "/callback")
    original.authenticate(request, username="u", password="p")
    # And its redirect_uri is built from the Host header.
    assert asked == ["http://testserver/callback"]


@pytest.mark.django_db
def test_ours_is_skipped_without_the_marker_of_the_callback():
    request = RequestFactory().post("/api/auth/login?code=a&state=b")
    assert authenticate(request, username="nobody@example.org", password="p") is None


@pytest.mark.django_db
def test_original_returns_suspended_people_and_ours_does_not(original):
    user = User.objects.create_user("person@example.org", "a long enough password", status="suspended")
    assert original.get_user(user.pk) == user
    assert ProviderBackend().get_user(user.pk) is None


@pytest.mark.django_db
def test_original_matches_addresses_without_regard_to_case_as_the_database_sees_it(original):
    query = str(original.filter_users_by_claims({"email": "x@example.org"}).query)
    assert "UPPER" in query.upper() or "LIKE" in query.upper()


def test_original_puts_the_upstream_body_into_an_exception(original):
    answer = SimpleNamespace(status_code=400, url="https://op.example.org/token", text="upstream secret")
    with pytest.raises(HTTPError, match="upstream secret"):
        original.raise_token_response_error(answer)


def test_original_asks_for_keys_without_a_deadline(original, monkeypatch, settings):
    settings.OIDC_RP_IDP_SIGN_KEY = None
    settings.OIDC_OP_JWKS_ENDPOINT = "https://op.example.org/jwks"
    asked: list[dict[str, Any]] = []

    def get(url: str, **kwargs: Any) -> Any:
        asked.append({"url": url, **kwargs})
        raise HTTPError

    monkeypatch.setattr("mozilla_django_oidc.auth.requests.get", get)
    for _ in range(2):
        with pytest.raises(HTTPError):
            OIDCAuthenticationBackend().retrieve_matching_jwk(token())
    assert [(call["url"], call["timeout"]) for call in asked] == [("https://op.example.org/jwks", None)] * 2
