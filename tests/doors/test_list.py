"""Whoever adds a call that takes a token meets the attack table, or says here why not."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.doors.attacked import OurAccessTokenDoor
from tests.doors.test_tokens import DOORS
from tests.issuer import Issuer, Signer
from tests.openapi import document, operations

pytestmark = pytest.mark.django_db

# A security scheme of the OpenAPI document: the doors that stand for it.
SCHEMES = {
    "accessToken": ["our access token"],
    "memberAccessToken": ["our access token"],
    "appUserIdToken": ["app me", "hosted, app me", "hosted, app me without client"],
    "appUserIdTokenThroughProxy": ["app authorize", "hosted, app authorize"],
}
# Not a JWT: a random text, compared as a digest. Every call refuses one of nobody below.
OPAQUE_SCHEMES = {"apiKey"}

# Operation and member of its body or query that carries a token, a code or a proof.
BODY_DOORS = {
    ("verifyToken", "token"): ["verifyToken", "verifyToken explained", "hosted, verifyToken"],
    ("exchangeMobileTokens", "access_token"): ["mobile, access token"],
    ("exchangeMobileTokens", "id_token"): ["mobile, ID token"],
    ("completeSignIn", "code"): ["callback"],
}
OPAQUE = {
    ("verifyEmail", "token"): "/api/auth/email/verify",
    ("confirmPasswordReset", "token"): "/api/auth/password-reset/confirm",
    ("refreshTokens", "refresh_token"): "/api/auth/refresh",
    ("logoutUser", "refresh_token"): "/api/auth/logout",
    ("logoutUser", "refreshToken"): "/api/auth/logout",
    ("exchangeSignInCode", "code"): "/api/auth/oidc/exchange",
    ("confirmLink", "link_code"): "/api/auth/oidc/link",
    ("acceptInvitation", "token"): "/api/auth/invitation/accept",
}
NO_TOKEN = {
    ("exchangeSignInCode", "code_verifier"): "proves who holds the code beside it (PKCE)",
    ("confirmLink", "code_verifier"): "proves who holds the code beside it (PKCE)",
    ("initiateSignIn", "code_challenge"): "the digest of what is proven later",
    ("initiateSignIn", "code_challenge_method"): "a name",
    ("completeSignIn", "state"): "opaque, and bound to the browser: tests/oidc_login/test_callback.py",
}
LOOKS_LIKE_ONE = re.compile(r"token|code|ticket|assertion|state$|proof", re.IGNORECASE)


def body_members(operation: dict[str, Any]) -> set[str]:
    content = operation.get("requestBody", {}).get("content", {})
    names = set()
    for kind in content.values():
        schema = kind["schema"]
        if reference := schema.get("$ref"):
            schema = document()["components"]["schemas"][reference.rpartition("/")[2]]
        names |= schema.get("properties", {}).keys()
    return names | {each["name"] for each in operation.get("parameters", []) if each["in"] in {"query", "cookie"}}


def test_every_scheme_has_its_doors() -> None:
    used = {name for _, _, operation in operations() for choice in operation["security"] for name in choice}
    assert used == SCHEMES.keys() | OPAQUE_SCHEMES
    assert {door for doors in SCHEMES.values() for door in doors} <= DOORS.keys()


def test_every_member_that_carries_a_token_has_its_door_or_its_reason() -> None:
    found = {
        (operation["operationId"], name)
        for _, _, operation in operations()
        for name in body_members(operation)
        if LOOKS_LIKE_ONE.search(name)
    }
    assert found == BODY_DOORS.keys() | OPAQUE.keys() | NO_TOKEN.keys()
    assert {door for doors in BODY_DOORS.values() for door in doors} <= DOORS.keys()


def test_no_door_stands_for_nothing() -> None:
    stood_for = {door for table in (SCHEMES, BODY_DOORS) for doors in table.values() for door in doors}
    assert stood_for == DOORS.keys()


API = ("api/auth/", "org/", "app/", "pools/")
# Calls of the API that the document leaves out, each with its reason.
UNDOCUMENTED: dict[str, str] = {}


def routes(resolver: Any = None, prefix: str = "") -> list[str]:
    found = []
    for each in (resolver or get_resolver()).url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            found += routes(each, path)
        elif isinstance(each, URLPattern):
            found.append(path)
    return found


def test_every_route_of_the_api_is_in_the_document() -> None:
    served = {re.sub(r"<(?:\w+:)?(\w+)>", "{}", path) for path in routes() if path.startswith(API)}
    documented = {re.sub(r"\{\w+\}", "{}", path).lstrip("/") for path, _, _ in operations()}
    assert served - documented == UNDOCUMENTED.keys()


def called(client: Any, method: str, path: str, operation: dict[str, Any], bearer: str) -> Any:
    address = re.sub(r"\{\w+\}", str(uuid4()), path)
    content = "" if "requestBody" not in operation else "{}"
    kind = next(iter(operation.get("requestBody", {}).get("content", {"application/json": None})))
    return client.generic(method, address, content, content_type=kind, headers={"Authorization": f"Bearer {bearer}"})


GUARDED = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for method, path, operation in (
        (method, path, operation) for path, method, operation in operations() if {} not in operation["security"]
    )
]


@pytest.mark.parametrize(("method", "path", "operation"), GUARDED)
def test_every_guarded_call_refuses_what_its_scheme_refuses(
    client: Any, method: str, path: str, operation: dict[str, Any]
) -> None:
    """The doors of the table are one call of each scheme; here is each call, and what most readers get wrong."""
    door = OurAccessTokenDoor(client)
    now = door.said["iat"]
    good = door.signer.token(door.said)
    changed = {
        "nothing": "",
        "expired": door.signer.token(door.said | {"exp": now - 1}),
        "of another site": door.signer.token(door.said | {"iss": "https://evil.example"}),
        "for another site": door.signer.token(door.said | {"aud": "https://evil.example"}),
        "of another session": door.signer.token(door.said | {"sid": str(uuid4())}),
        "of another person": door.signer.token(door.said | {"sub": str(uuid4())}),
        "unsigned": good.rpartition(".")[0] + ".",
        "of another key": good[:-10] + ("A" if good[-10] != "A" else "B") + good[-9:],
        "of a foreign issuer": Issuer("http://testserver", Signer("ES256")).token(aud="http://testserver"),
        "an API key of nobody": "flk_" + "A" * 43,
        "a refresh token": "flr_" + "A" * 43,
    }
    answers = {name: called(client, method, path, operation, raw) for name, raw in changed.items()}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code not in {400, 401}} == {}
    # 400 is for one thing only: an app user's token that names no client.
    assert {answer.json()["code"] for answer in answers.values() if answer.status_code == 400} <= {"client_required"}


ODD = [
    "",
    " ",
    ".",
    "a.b.c",
    "flr_",
    "flk_" + "A" * 43,
    "A" * 43,
    "\uff21" * 43,
    "A" * 5000,
    "\x00",
    "\ud800",
    "' OR '1'='1",
]
WRONG_TYPES = [None, 1, True, [], ["A" * 43], {"a": 1}]


@pytest.mark.parametrize(("operation", "member"), OPAQUE)
def test_every_opaque_token_is_refused_in_every_odd_form(client: Any, operation: str, member: str) -> None:
    path = OPAQUE[operation, member]
    rest = {"password": "another long password", "new_password": "another long password"}
    for odd in (*ODD, *WRONG_TYPES):
        body = json.dumps({**rest, member: odd})
        answer = client.post(path, body, content_type="application/json")
        # Signing out is quiet about tokens that nobody knows.
        assert answer.status_code in ({204, 400} if operation == "logoutUser" else {400, 401, 429}), (
            odd,
            answer.content,
        )
