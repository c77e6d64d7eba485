"""Every error code of the people's doors, produced through its public door: status, shape, and nothing changed by it.

The list is compared with the table of codes, so a code without a scenario fails, and so does one that no longer exists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from werkzeug import Response

from accounts.models import RefreshToken, Session, User
from accounts.sessions import access_tokens
from fairlead import causes
from fairlead.audit.models import Refusal
from fairlead.web import codes
from oidc_login.models import ExchangeCode, Identity
from tests.configure import configure
from tests.oidc_login.conftest import Browser, arrived

PASSWORD = "a long enough password"
# What only the tenants' doors answer; tests/sdkclients and tests/orgs have them.
TENANTS = {
    "organization_required", "client_required", "api_key_invalid", "unknown_client", "too_large", "wrong_type",
    "algorithm_not_allowed", "unknown_key", "not_yet_valid", "wrong_issuer", "wrong_audience", "missing_claim",
    "email_unverified", "blocked", "forbidden", "key_cannot_make_keys", "in_use", "pool_not_hosted", "pool_kind_fixed",
    "keys_unavailable", "malformed", "slug_taken", "last_admin",
    "invitation_invalid", "wrong_address", "already_member",
}  # fmt: skip


@dataclass
class Stage:
    """A browser, its provider, and the settings of the moment."""

    browser: Browser
    settings: Any

    @property
    def provider(self) -> Any:
        return self.browser.provider

    def person(self, **fields: Any) -> User:
        return User.objects.create_user("person@example.org", PASSWORD, **fields)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.browser.client.post(
            f"/api/auth/{path}", body if body is not None else {}, content_type="application/json", headers=headers
        )

    def bearer(self) -> dict[str, str]:
        answer = self.post("login", {"email": "person@example.org", "password": PASSWORD}).json()
        return {"Authorization": f"Bearer {answer['access_token']}"}

    def callback(self) -> Callable[[], HttpResponse]:
        query = self.provider.authorize(self.browser.initiate())
        return lambda: self.browser.client.get("/api/auth/oidc/callback", query)


Scene = Callable[[Stage], Callable[[], HttpResponse]]
SCENES: dict[str, Scene] = {}


def scene(make: Scene) -> Scene:
    SCENES[make.__name__] = make
    return make


@scene
def invalid_request(stage):
    return lambda: stage.post("login", {"email": 7})


@scene
def invalid_redirect(stage):
    return lambda: stage.browser.client.get("/api/auth/oidc/initiate", {"redirect": "//evil.example"})


@scene
def oidc_not_enabled(stage):
    configure(stage.settings, OIDC_ENABLED=False)
    return lambda: stage.browser.client.get("/api/auth/oidc/initiate")


@scene
def exchange_code_invalid(stage):
    return lambda: stage.browser.exchange("flc_never")


@scene
def link_code_invalid(stage):
    return lambda: stage.browser.link("fll_never", PASSWORD)


@scene
def missing_claims(stage):
    stage.provider.claims = {"sub": "1"}
    return stage.callback()


@scene
def password_not_available(stage):
    body = stage.browser.exchange(stage.browser.sign_in()["code"]).json()
    token = {"Authorization": f"Bearer {body['access_token']}"}
    return lambda: stage.post(
        "change-password", {"currentPassword": "x" * 9, "newPassword": "another long one"}, **token
    )


@scene
def invalid_credentials(stage):
    stage.person()
    return lambda: stage.post("login", {"email": "person@example.org", "password": "wrong password"})


@scene
def not_authenticated(stage):
    return lambda: stage.browser.client.get("/api/auth/me")


@scene
def token_not_bound(stage):
    return lambda: stage.post("oidc/exchange/mobile", {"access_token": "opaque"})


@scene
def refresh_token_invalid(stage):
    return lambda: stage.post("refresh", {"refresh_token": "flr_never"})


@scene
def bad_signature(stage):
    stage.person()
    header = stage.bearer()["Authorization"]
    forged = header[:-2] + ("AA" if header[-2:] != "AA" else "BA")
    return lambda: stage.browser.client.get("/api/auth/me", headers={"Authorization": forged})


@scene
def expired(stage):
    stage.person()
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        token = stage.bearer()

    def act():
        with time_machine.travel(f"2026-01-01T12:{access_tokens.LIFETIME // 60}:00Z", tick=False):
            return stage.browser.client.get("/api/auth/me", headers=token)

    return act


@scene
def revoked(stage):
    stage.person()
    token = stage.bearer()
    Session.objects.all().delete()
    return lambda: stage.browser.client.get("/api/auth/me", headers=token)


@scene
def account_pending(stage):
    stage.person(status="pending", is_active=False)
    return stage.callback()


@scene
def account_suspended(stage):
    stage.person(status="suspended", is_active=False)
    return stage.callback()


@scene
def signup_disabled(stage):
    configure(stage.settings, USER_SIGNUP="disabled")
    return stage.callback()


@scene
def email_not_verified(stage):
    stage.provider.claims["email_verified"] = False
    return stage.callback()


@scene
def password_login_disabled(stage):
    stage.person()
    configure(stage.settings, DISABLE_INTERNAL_AUTH=True)
    return lambda: stage.post("login", {"email": "person@example.org", "password": PASSWORD})


@scene
def fresh_sign_in_required(stage):
    stage.person()
    token = stage.bearer()
    Session.objects.update(authenticated_at=Session.objects.get().authenticated_at - timedelta(minutes=6))
    return lambda: stage.post("identities/link", {}, **token)


@scene
def link_requires_sign_in(stage):
    User.objects.create_user("person@example.org", None)
    stage.provider.claims["email_verified"] = False
    return stage.callback()


@scene
def not_found(stage):
    return lambda: stage.browser.client.get("/api/auth/oidc/initiate", {"provider": "nobody"})


@scene
def method_not_allowed(stage):
    return lambda: stage.browser.client.get("/api/auth/login")


@scene
def email_taken(stage):
    stage.person()
    return lambda: stage.post("register", {"email": "PERSON@example.org", "password": PASSWORD, "name": "Other"})


@scene
def email_already_linked(stage):
    stage.browser.sign_in(code="first")
    stage.provider.claims["sub"] = "another"
    return stage.callback()


@scene
def link_confirmation_required(stage):
    stage.person()
    stage.provider.claims["email_verified"] = False
    return stage.callback()


@scene
def last_way_in(stage):
    body = stage.browser.exchange(stage.browser.sign_in()["code"]).json()
    token = {"Authorization": f"Bearer {body['access_token']}"}
    path = f"/api/auth/identities/{Identity.objects.get().pk}"
    return lambda: stage.browser.client.delete(path, headers=token)


@scene
def body_too_large(stage):
    return lambda: stage.post("login", {"email": "x" * 70_000})


@scene
def unsupported_media_type(stage):
    return lambda: stage.browser.client.post("/api/auth/login", {"email": "a"})


@scene
def throttled(stage):
    configure(stage.settings, RATE_LIMITS=True, RATE_LIMIT_REFRESH="60/60")

    def act():
        # The clock stands still: a window that ends meanwhile would let more through.
        with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
            return [stage.post("refresh", {"refresh_token": "flr_never"}) for _ in range(61)][-1]

    return act


@scene
def provider_error(stage):
    stage.provider.answers["token"] = lambda request: Response("<html>", content_type="text/html")
    return stage.callback()


@scene
def provider_unreachable(stage):
    stage.provider.answers["token"] = lambda request: Response("", status=500)
    return stage.callback()


@scene
def state_invalid(stage):
    return lambda: stage.browser.client.get("/api/auth/oidc/callback", {"state": "fls_never", "code": "x"})


@scene
def state_expired(stage):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        act = stage.callback()

    def late():
        with time_machine.travel("2026-01-01T12:16:00Z", tick=False):
            return act()

    return late


@scene
def provider_refused(stage):
    state = stage.provider.authorize(stage.browser.initiate())["state"]
    query = {"state": state, "error": "access_denied", "error_description": "<script>upstream</script>"}
    return lambda: stage.browser.client.get("/api/auth/oidc/callback", query)


@scene
def provider_unavailable(stage):
    act = stage.callback()
    configure(stage.settings, OIDC_CLIENT_ID="changed")
    return act


# In the contract; the doors that answer with them are not built yet.
LATER = {
    "domain_refused",
    "sign_in_to_verify",
    "email_outside_organization",
    "membership_required",
    "organization_sign_in_required",
    "domain_not_proven",
    "domain_taken",
    "provider_not_tried",
    "unavailable",
}


def rows() -> dict[str, Any]:
    """What a refusal must leave as it was."""
    return {
        "people": list(User.objects.order_by("pk").values()),
        "identities": list(Identity.objects.order_by("pk").values("user", "issuer", "subject")),
        "sessions": list(Session.objects.order_by("pk").values()),
        "tokens": RefreshToken.objects.count(),
        "usable codes": ExchangeCode.objects.filter(used_at=None).count(),
    }


# Nobody was refused as a person: what the request was made of, and tokens, which are counted.
NOT_ON_RECORD = {
    "bad_signature", "expired", "revoked", "not_authenticated", "invalid_request", "method_not_allowed",
    "unsupported_media_type", "body_too_large",
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(set(SCENES) - NOT_ON_RECORD))
def test_refusal_is_on_record_under_the_id_that_was_told(code, browser, settings):
    response = SCENES[code](Stage(browser, settings))()
    told = arrived(response)["error_id"] if response.status_code == 302 else response.json()["requestId"]
    row = Refusal.objects.get(pk=told)
    assert row.code == code
    assert row.door.partition(":")[0] in {"oidc_login", "accounts"}
    assert causes.TABLE[row.cause].operator.format(**row.facts)


@pytest.mark.parametrize("code", SCENES)
def test_code_is_answered_by_its_door_and_changes_nothing(code, browser, settings):
    act = SCENES[code](Stage(browser, settings))
    before = rows()
    response = act()
    assert rows() == before
    if response.status_code == 302:
        ending = arrived(response)
        assert ending["error"] == code
        assert ending["error_id"] == response["X-Request-Id"]
        assert "upstream" not in response["Location"]
        page = Client().get("/login", {"error": code}, headers={"Accept": "text/html"}).content.decode()
        assert 'role="alert"' in page
    else:
        assert response["Content-Type"] == "application/problem+json"
        body = response.json()
        assert (response.status_code, body["code"]) == (codes.TABLE[code].status, code)
        assert body["detail"]
        assert ("WWW-Authenticate" in response) == (response.status_code == 401)
        assert ("Retry-After" in response) == (response.status_code in {429, 503})


def test_every_code_of_the_peoples_doors_has_a_scene():
    assert set(SCENES) == (set(codes.TABLE) | codes.CALLBACK_ONLY) - TENANTS - LATER
