"""Faults between a person, their provider and us: each planted once, seen where the person sees it."""

import socket
from collections.abc import Callable
from typing import Any

import jwt
import time_machine
from django.test import Client
from werkzeug import Response

from accounts.models import SignInPolicy, User
from oidc_login.models import Identity, Provider
from tests.faults.stage import PASSWORD, Stage, Told
from tests.oidc_login.scripted import CLIENT_ID, CLIENT_SECRET, KEY, json_answer

Plant = Callable[[Stage], Told]


def claims(**changed: Any) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.provider.claims.update(changed)
        return stage.signed_in_through_provider()

    return plant


def token_endpoint(answer: Callable[[Any], Response]) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.provider.answers["token"] = answer
        return stage.signed_in_through_provider()

    return plant


def token_error(error: str, status: int = 400) -> Plant:
    return token_endpoint(lambda request: json_answer({"error": error}, status))


def response_error(error: str) -> Plant:
    def plant(stage: Stage) -> Told:
        query = stage.provider.authorize(stage.browser.initiate())
        return stage.page(stage.browser.callback({"state": query["state"], "error": error}))

    return plant


def set_to(**values: Any) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.configure(**values)
        return stage.signed_in_through_provider()

    return plant


def metadata(**members: Any) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.provider.extra_metadata.update(members)
        return stage.led(stage.browser.client.get("/api/auth/oidc/initiate"))

    return plant


def initiate(**query: str) -> Plant:
    return lambda stage: stage.led(
        stage.browser.client.get("/api/auth/oidc/initiate", query, headers={"Accept": "text/html"})
    )


def signed(sign: Callable[[dict[str, Any]], str]) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.provider.sign = sign
        return stage.signed_in_through_provider()

    return plant


def account(**fields: Any) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.person(**fields)
        return stage.signed_in_through_provider()

    return plant


def opened_twice(stage: Stage) -> Told:
    query = stage.provider.authorize(stage.browser.initiate())
    stage.browser.callback(query)
    return stage.page(stage.browser.callback(query))


def other_browser(stage: Stage) -> Told:
    query = stage.provider.authorize(stage.browser.initiate())
    return stage.led(Client().get("/api/auth/oidc/callback", query))


def cookies_blocked(stage: Stage) -> Told:
    query = stage.provider.authorize(stage.browser.initiate())
    stage.browser.client.cookies.clear()
    return stage.page(stage.browser.callback(query))


def too_late(stage: Stage) -> Told:
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        query = stage.provider.authorize(stage.browser.initiate())
    with time_machine.travel("2026-01-01T12:16:00Z", tick=False):
        return stage.page(stage.browser.callback(query))


def provider_changed_meanwhile(stage: Stage) -> Told:
    query = stage.provider.authorize(stage.browser.initiate())
    stage.configure(OIDC_CLIENT_ID="another")
    return stage.page(stage.browser.callback(query))


def mixed_up(stage: Stage) -> Told:
    query = stage.provider.authorize(stage.browser.initiate())
    return stage.page(stage.browser.callback({**query, "iss": f"{stage.provider.issuer}/"}))


def no_keys(stage: Stage) -> Told:
    encryption = {"kty": "RSA", "use": "enc", "kid": "first", "n": "AQAB", "e": "AQAB"}
    stage.provider.answers["jwks"] = lambda request: json_answer({"keys": [encryption]})
    return stage.signed_in_through_provider()


def nobody_listens(stage: Stage) -> Told:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
    stage.configure(OIDC_PRIVATE_ORIGINS=(stage.provider.issuer, origin))
    stage.provider.extra_metadata = {"token_endpoint": f"{origin}/token"}
    return stage.signed_in_through_provider()


def https_where_http_is(stage: Stage) -> Told:
    origin = stage.provider.issuer.replace("http:", "https:")
    stage.configure(OIDC_PRIVATE_ORIGINS=(stage.provider.issuer, origin))
    stage.provider.extra_metadata = {"token_endpoint": f"{origin}/token"}
    return stage.signed_in_through_provider()


def of_the_admin(stage: Stage) -> Told:
    stage.configure(OIDC_ENABLED=False)
    Provider.objects.create(
        slug="shop", name="Shop", issuer=stage.provider.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET,
        enabled=True,
    )  # fmt: skip
    stage.provider.claims["email_verified"] = False
    return stage.signed_in_through_provider()


def closed_in_the_admin(stage: Stage) -> Told:
    SignInPolicy.objects.create(registration_mode="disabled")
    return stage.signed_in_through_provider()


def linked_elsewhere(stage: Stage) -> Told:
    stage.browser.sign_in(code="first")
    stage.provider.claims["sub"] = "another"
    return stage.signed_in_through_provider()


def code_too_late(stage: Stage) -> Told:
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        code = stage.browser.sign_in()["code"]
    with time_machine.travel("2026-01-01T12:01:00Z", tick=False):
        return stage.post("oidc/exchange", {"code": code})


def code_in_another_browser(stage: Stage) -> Told:
    code = stage.browser.sign_in()["code"]
    stage.browser.client.cookies.clear()
    return stage.post("oidc/exchange", {"code": code})


def mobile(**changed: Any) -> Plant:
    def plant(stage: Stage) -> Told:
        token = stage.provider.id_token(aud="anything", **{"client_id": "an-app", **changed})
        return stage.post("oidc/exchange/mobile", {"access_token": token})

    return plant


def throttled(stage: Stage) -> Told:
    stage.configure(RATE_LIMITS=True, RATE_LIMIT_INITIATE="1/60")
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        stage.browser.initiate()
        return initiate()(stage)


def two_accounts(stage: Stage) -> Told:
    stage.person(verified_by="link", is_staff=True)
    return stage.signed_in_through_provider()


def of_another(stage: Stage) -> Told:
    """Linking from inside an identity that is somebody else's."""
    other = User.objects.create_user("other@example.org", PASSWORD)
    Identity.objects.create(user=other, issuer=stage.provider.issuer, subject="subject-1")
    stage.person()
    bearer = {"Authorization": f"Bearer {stage.tokens()['access_token']}"}
    body = stage.browser.client.post(
        "/api/auth/identities/link", {"provider": "default"}, content_type="application/json", headers=bearer
    ).json()
    stage.browser.client.post("/login", {"email": "person@example.org", "password": PASSWORD})
    found = stage.browser.client.get(body["initiateUrl"])["Location"]
    assert "state=" in found, found
    return stage.led(stage.browser.client.get("/api/auth/oidc/callback", stage.provider.authorize(found)))


def without_nonce(good: dict[str, Any]) -> str:
    good.pop("nonce")
    return jwt.encode(good, KEY, algorithm="RS256", headers={"kid": "first"})


def hs256(good: dict[str, Any]) -> str:
    return jwt.encode(good, CLIENT_SECRET * 2, algorithm="HS256")


def another_kid(good: dict[str, Any]) -> str:
    return jwt.encode(good, KEY, algorithm="RS256", headers={"kid": "second"})


# What is planted, and what the operator reads.
FAULTS: dict[str, tuple[Plant, tuple[str, ...]]] = {
    # Client and redirect
    "redirect URI not registered": (response_error("invalid_request"), ("http://testserver/api/auth/oidc/callback",)),
    "person not assigned": (response_error("access_denied"), ("assigned",)),
    "scope unknown": (response_error("invalid_scope"), ("OIDC_SCOPES in",)),
    "flow switched off": (response_error("unauthorized_client"), ("OIDC_CLIENT_ID in", "authorization code flow")),
    "request objects demanded": (response_error("request_not_supported"), ("turn that off", "there")),
    "provider broken": (response_error("server_error"), ("its log",)),
    "provider in maintenance": (response_error("temporarily_unavailable"), ("whoever runs it",)),
    "secret expired": (token_error("invalid_client", 401), ("OIDC_CLIENT_SECRET in", "OIDC_CLIENT_AUTH in")),
    "secret said in HTML": (
        token_endpoint(lambda request: Response("no", status=401)), ("OIDC_CLIENT_ID in", "OIDC_CLIENT_SECRET in"),
    ),
    "redirect URI of another client": (token_error("invalid_grant"), ("/api/auth/oidc/callback", "another client")),
    "public there, secret here": (token_error("invalid_request"), ("OIDC_CLIENT_SECRET in",)),
    "token endpoint shows a page": (
        token_endpoint(lambda request: Response("<html>", content_type="text/html")), ("token_endpoint",),
    ),
    "DPoP demanded": (
        token_endpoint(lambda request: json_answer({"access_token": "a", "token_type": "DPoP", "id_token": "x"})),
        ("Bearer", "at the provider"),
    ),
    "no ID token": (
        token_endpoint(lambda request: json_answer({"access_token": "a", "token_type": "Bearer"})),
        ("openid", "OIDC_SCOPES=openid email profile ("),
    ),
    # Browser
    "link opened twice": (opened_twice, ("opened twice", "nothing to change")),
    "link opened in another browser": (other_browser, ("APP_URL=http",)),
    "cookies blocked": (cookies_blocked, ("cookies", "APP_URL")),
    "came back too late": (too_late, ("OIDC_STATE_TTL=60 (",)),
    "provider changed meanwhile": (provider_changed_meanwhile, ("changed since",)),
    "redirect to a strange place": (initiate(redirect="//evil.example"), ("single slash", "FRONTEND_URLS")),
    "front end not listed": (initiate(return_to="https://app.example"), ("FRONTEND_URLS", "add it there")),
    "slug of no provider": (initiate(provider="nobody"), ("slug", "list of providers")),
    "challenge malformed": (initiate(code_challenge="x"), ("code_challenge",)),
    "tried too often": (throttled, ("RATE_LIMIT_INITIATE", "1/60", "TRUSTED_PROXIES")),
    "exchanged too late": (code_too_late, ("OIDC_EXCHANGE_CODE_TTL=30 (",)),
    "exchanged without its cookie": (code_in_another_browser, ("code_challenge", "credentials: include")),
    # Reaching the provider
    "nobody listens": (nobody_listens, ("refuses connections", "another port")),
    "https where http is served": (https_where_http_is, ("does not speak TLS", "port")),
    "private address": (
        metadata(token_endpoint="https://10.0.0.8/token"), ("OIDC_PRIVATE_ORIGINS", "(now:"),
    ),
    "issuer with a slash": (mixed_up, ("OIDC_ISSUER_URL=http", "copy it")),
    "another issuer in discovery": (metadata(issuer="https://else.example"), ("OIDC_ISSUER_URL=http",)),
    # The ID token
    "aud is another client": (claims(aud="another"), ("OIDC_CLIENT_ID=fairlead (", "client id")),
    "azp is another client": (claims(azp="another"), ("OIDC_CLIENT_ID=fairlead (",)),
    "iss with a slash": (claims(iss="https://else.example/"), ("OIDC_ISSUER_URL=http", "last slash")),
    "clock behind": (claims(exp=1_700_000_000, iat=1_699_999_000), ("clocks",)),
    "clock ahead": (claims(iat=4_000_000_000, exp=4_000_000_300), ("clocks",)),
    "exp in milliseconds": (claims(exp=1_900_000_000_000), ("milliseconds", "provider's administrator")),
    "signed with the secret": (signed(hs256), ("RS256", "At the provider")),
    "kid that is not published": (signed(another_kid), ("publish the key",)),
    "encryption keys only": (no_keys, ("kid", "administrator")),
    "nonce missing": (lambda stage: (setattr(stage.provider, "sign", without_nonce), stage.signed_in_through_provider())[1], ("nonce",)),
    "sub missing": (claims(sub=None), ("sub", "provider's administrator")),
    # Who they are
    "no address": (claims(email=None), ("email", "OIDC_SCOPES=openid email profile (")),
    "address not verified": (claims(email_verified=False), ("OIDC_TRUST_EMAIL=never (", "verified")),
    "address not verified, provider of the admin": (of_the_admin, ("trust_email=never (admin, shop)",)),
    "sign-up closed": (set_to(USER_SIGNUP="disabled"), ("USER_SIGNUP=disabled (", "OIDC_SIGNUP=follow (")),
    "sign-up closed in the admin": (closed_in_the_admin, ("USER_SIGNUP=disabled (admin)",)),
    "domain not allowed": (set_to(SIGNUP_EMAIL_DOMAINS=("example.com",)), ("SIGNUP_EMAIL_DOMAINS=example.com (",)),
    "account pending": (account(status="pending", is_active=False, verified_by="link"), ("under People",)),
    "account suspended": (account(status="suspended", is_active=False, verified_by="link"), ("under People",)),
    "linking never": (
        lambda stage: (stage.configure(OIDC_LINKING="never"), account(verified_by="link")(stage))[1],
        ("OIDC_LINKING=never (",),
    ),
    "staff is never linked by itself": (two_accounts, ("never for staff",)),
    "linked to another subject": (linked_elsewhere, ("unlink",)),
    "identity of somebody else": (of_another, ("unlinked",)),
    # Apps
    "app not listed": (mobile(), ("OIDC_MOBILE_CLIENT_IDS",)),
    "ID token for an access token": (mobile(nonce="n", client_id=CLIENT_ID), ("nonce", "access token")),
    "opaque without proof": (
        lambda stage: stage.post("oidc/exchange/mobile", {"access_token": "opaque"}), ("OIDC_CLIENT_SECRET", "id_token"),
    ),
}  # fmt: skip
