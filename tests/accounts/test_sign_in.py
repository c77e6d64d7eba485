"""POST login, refresh, logout, GET me: through HTTP."""

import json

import jwt
import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from accounts import account_status, authentication
from accounts.models import Session, User
from accounts.sessions import access_tokens
from fairlead import memory
from fairlead.conf import conf
from fairlead.web.models import AttemptCounter
from tests.accounts.conftest import PASSWORD, refused
from tests.configure import configure

pytestmark = pytest.mark.django_db


def test_login_answers_tokens_and_the_person(api, person):
    response = api.login("person@EXAMPLE.org")
    body = response.json()
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert set(body) == {"access_token", "refresh_token", "user"}
    assert body["user"] == {
        "id": str(person.pk),
        "email": "Person@Example.org",
        "emailVerified": True,
        "name": "Demo Person",
        "profileImage": None,
        "isAdmin": False,
        "status": "active",
        "hasPassword": True,
        "organizations": [],
        "createdAt": body["user"]["createdAt"],
        "updatedAt": body["user"]["updatedAt"],
    }
    assert body["user"]["createdAt"].endswith("Z")
    assert api.get("me", token=body["access_token"]).json()["id"] == str(person.pk)


def test_the_access_token_is_the_jwt_that_the_contract_says(api, person, settings):
    token = api.login().json()["access_token"]
    key = access_tokens.key(settings.SECRET_KEY, "access token")
    claims = jwt.decode(token, key, algorithms=["HS256"], audience=conf().origin, issuer=conf().origin)
    assert set(claims) == {"iss", "aud", "sub", "sid", "iat", "exp", "jti"}
    assert claims["exp"] - claims["iat"] == 15 * 60
    assert claims["sub"] == str(person.pk)
    assert claims["sid"] == str(Session.objects.get().pk)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@example.org", PASSWORD),
        ("person@example.org", "wrong"),
        ("person@example.org", PASSWORD.upper()),
        ("provider-only@example.org", ""),
        ("provider-only@example.org", "!"),
        ("per\u017fon@example.org", PASSWORD),
        ("\uff50erson@example.org", PASSWORD),
        ("person@\uff45xample.org", PASSWORD),
        ("not an address", PASSWORD),
        ("' OR 1=1 --@example.org", PASSWORD),
    ],
)
def test_refusals_are_alike_whatever_is_wrong(api, person, email, password):
    User.objects.create_user("provider-only@example.org", None)
    response = api.login(email, password or "x")
    body = refused(response, 401, "invalid_credentials")
    assert "WWW-Authenticate" in response.headers
    expected = refused(api.login("someone-else@example.org"), 401, "invalid_credentials")
    assert {**body, "requestId": ""} == {**expected, "requestId": ""}


@pytest.mark.parametrize("email", ["nobody@example.org", "provider-only@example.org", "person@example.org"])
def test_every_refusal_costs_one_hash(api, person, email, monkeypatch):
    User.objects.create_user("provider-only@example.org", None)
    hashed = []
    original = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or original(self, password, salt)
    )
    api.login(email, "wrong")
    assert len(hashed) == 1


@pytest.mark.parametrize("status", ["pending", "suspended"])
def test_status_is_told_only_after_a_right_password(api, person, status):
    account_status.change(person, User.Status(status), actor=None)
    refused(api.login(password="wrong"), 401, "invalid_credentials")
    refused(api.login(), 403, f"account_{status}")
    assert not Session.objects.exists()


def test_login_without_an_email_locks_nobody(api, person):
    for body in ({"password": "x"}, {"email": "", "password": "x"}, {"email": "a@example.org"}, {"email": "  "}):
        assert refused(api.post("login", body), 400, "invalid_request")["errors"]
    assert not AttemptCounter.objects.exists()


HOSTILE = ["\x00", "a\x00b", "\ud800", "x\udfff", 1, True, None, [], {}, ["a"], {"a": "b"}, 1.5]


@pytest.mark.parametrize("path", ["login", "register", "refresh", "logout"])
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_odd_values_are_refused_and_never_a_fault(api, path, value):
    fields = {
        "login": ["email", "password"],
        "register": ["email", "password", "name"],
        "refresh": ["refresh_token"],
        "logout": ["refresh_token"],
    }[path]
    for field in fields:
        good = {"email": "x@example.org", "password": PASSWORD, "name": "X", "refresh_token": "x"}
        body = json.dumps({**{name: good[name] for name in fields}, field: value})
        errors = refused(api.post(path, body), 400, "invalid_request")["errors"]
        assert list(errors) == [field]


@pytest.mark.parametrize("path", ["login", "register", "refresh", "logout"])
def test_doors_take_json_objects_by_post_and_nothing_else(api, path, settings):
    configure(settings, RATE_LIMITS=False)
    refused(api.get(path), 405, "method_not_allowed")
    refused(api.call("put", path, {}), 405, "method_not_allowed")
    refused(api.client.post(f"/api/auth/{path}", {"email": "x"}), 415, "unsupported_media_type")
    refused(api.client.post(f"/api/auth/{path}", "x", content_type="text/plain"), 415, "unsupported_media_type")
    refused(api.post(path, "[]"), 400, "invalid_request")
    refused(api.post(path, "{"), 400, "invalid_request")
    refused(api.post(path, json.dumps({"email": "x" * 70_000})), 413, "body_too_large")


def test_refresh_rotates_and_logout_ends_the_family(api, person):
    first = api.login().json()["refresh_token"]
    response = api.post("refresh", {"refresh_token": first})
    assert response.status_code == 200
    assert set(response.json()) == {"access_token", "refresh_token"}
    assert response.headers["Cache-Control"] == "no-store"
    assert api.post("logout", {"refreshToken": response.json()["refresh_token"]}).status_code == 204
    refused(api.post("refresh", {"refresh_token": response.json()["refresh_token"]}), 401, "refresh_token_invalid")
    refused(api.get("me", token=response.json()["access_token"]), 401, "revoked")


def test_logout_with_an_unknown_token_is_as_quiet(api, person):
    token = api.login().json()["refresh_token"]
    assert api.post("logout", {"refresh_token": token}).status_code == 204
    assert api.post("logout", {"refresh_token": token}).status_code == 204
    assert api.post("logout", {"refresh_token": "flr_nonsense"}).status_code == 204


def test_reuse_after_the_successor_was_used_ends_the_family(api, person):
    first = api.login().json()["refresh_token"]
    second = api.post("refresh", {"refresh_token": first}).json()["refresh_token"]
    third = api.post("refresh", {"refresh_token": second}).json()
    refused(api.post("refresh", {"refresh_token": first}), 401, "refresh_token_invalid")
    refused(api.post("refresh", {"refresh_token": third["refresh_token"]}), 401, "refresh_token_invalid")


def test_suspended_people_are_out_everywhere(api, person):
    pair = api.login().json()
    assert api.get("me", token=pair["access_token"]).status_code == 200
    User.objects.filter(pk=person.pk).update(status="suspended", is_active=False)
    memory.forget_everything()
    refused(api.get("me", token=pair["access_token"]), 401, "revoked")
    refused(api.post("refresh", {"refresh_token": pair["refresh_token"]}), 401, "refresh_token_invalid")


def test_another_process_notices_an_ended_session_within_thirty_seconds(api, person, time_machine):
    time_machine.move_to(1_800_000_000, tick=False)
    token = api.login().json()["access_token"]
    api.get("me", token=token)
    User.objects.filter(pk=person.pk).update(status="suspended", is_active=False)
    assert authentication.SECONDS <= 30
    time_machine.shift(authentication.SECONDS)
    refused(api.get("me", token=token), 401, "revoked")


def test_an_access_token_expires_to_the_second_also_when_it_is_remembered(api, person, time_machine):
    time_machine.move_to(1_800_000_000, tick=False)
    token = api.login().json()["access_token"]
    time_machine.move_to(1_800_000_899, tick=False)
    assert api.get("me", token=token).status_code == 200
    time_machine.move_to(1_800_000_900, tick=False)
    response = api.get("me", token=token)
    refused(response, 401, "expired")
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def _forged(**changes):
    def forge(settings, claims):
        key = changes["key"] if "key" in changes else access_tokens.key(settings.SECRET_KEY, "access token")
        headers = {"typ": "at+jwt", **changes.get("headers", {})}
        body = {**claims, **changes.get("claims", {})}
        for name in changes.get("without", ()):
            del body[name]
        return jwt.encode(body, key, algorithm=changes.get("algorithm", "HS256"), headers=headers)

    return forge


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (_forged(key=b"another key of at least thirty-two bytes"), "bad_signature"),
        (_forged(claims={"iss": "https://elsewhere.example"}), "wrong_issuer"),
        (_forged(claims={"aud": "https://elsewhere.example"}), "wrong_audience"),
        (_forged(claims={"aud": ["http://testserver"]}), "wrong_audience"),
        (_forged(claims={"exp": 1}), "expired"),
        (_forged(claims={"exp": None}), "missing_claim"),
        (_forged(claims={"exp": "soon"}), "missing_claim"),
        (_forged(claims={"exp": [1]}), "missing_claim"),
        (_forged(claims={"exp": float("inf")}), "missing_claim"),
        (_forged(claims={"sub": 5}), "missing_claim"),
        (_forged(claims={"sid": ["x"]}), "missing_claim"),
        (_forged(without=["iss"]), "missing_claim"),
        (_forged(claims={"aud": None}), "missing_claim"),
        (_forged(without=["iat"]), "missing_claim"),
        (_forged(without=["jti"]), "missing_claim"),
        (_forged(without=["exp"]), "missing_claim"),
        (_forged(without=["sid"]), "missing_claim"),
        (_forged(claims={"sub": "somebody"}), "missing_claim"),
        (_forged(claims={"sid": "00000000-0000-0000-0000-000000000000"}), "revoked"),
        (_forged(claims={"sub": "00000000-0000-0000-0000-000000000000"}), "revoked"),
        (_forged(headers={"typ": "JWT"}), "not_authenticated"),
        (_forged(headers={"typ": None}), "not_authenticated"),
        (_forged(headers={"kid": "1"}), "not_authenticated"),
        (_forged(headers={"crit": ["b64"]}), "not_authenticated"),
        (_forged(algorithm="HS512", key=b"k" * 64), "not_authenticated"),
        (_forged(algorithm="none", key=None), "not_authenticated"),
    ],
)
def test_forged_access_tokens_are_refused(api, person, settings, forge, code):
    genuine = api.login().json()["access_token"]
    claims = jwt.decode(genuine, options={"verify_signature": False})
    refused(api.get("me", token=forge(settings, claims)), 401, code)
    assert api.get("me", token=genuine).status_code == 200


def test_respelled_access_tokens_are_refused(api, person):
    genuine = api.login().json()["access_token"]
    head, payload, signature = genuine.split(".")
    last = "AEIMQUYcgkosw048"  # characters that differ only in bits that base64 drops here
    twin = next(c for c in last + "BCDFGHJKLNOPRSTVWXZabdefhijlmnpqrtuvxyz123567" if c != signature[-1])
    for bad in (
        f"{genuine}=",
        f" {genuine}",
        f"{genuine}.",
        f"{head}.{payload}.",
        f"{head}.{payload}.{signature[:-1]}{twin}",
        f"{head}..{signature}",
        f"{head}.{payload}x.{signature}",
        f"{head}.{payload}",
        genuine.upper(),
        genuine + "a" * 5000,
        "flk_nonsense",
        "x.y.z",
        "é",
    ):
        response = api.get("me", token=bad)
        assert response.status_code == 401, bad
        assert response.json()["code"] in {"malformed", "bad_signature", "not_authenticated", "missing_claim"}
    refused(api.get("me"), 401, "not_authenticated")
    refused(api.get("me", authorization=f"Basic {genuine}"), 401, "not_authenticated")


def test_a_signature_has_one_spelling(api, person):
    """PyJWT takes padding, and any value of the two bits that the last letter has too many."""
    genuine = api.login().json()["access_token"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    place = alphabet.index(genuine[-1])
    for more in (1, 2, 3):
        respelled = genuine[:-1] + alphabet[place + more]
        assert jwt.utils.base64url_decode(respelled.rpartition(".")[2]) == jwt.utils.base64url_decode(
            genuine.rpartition(".")[2]
        )
        refused(api.get("me", token=respelled), 401, "malformed")
    refused(api.get("me", token=f"{genuine}="), 401, "malformed")
    assert api.get("me", token=genuine).status_code == 200


@pytest.mark.parametrize(
    "forwarded", ["unknown", "198.51.100.7:4711", "[2001:db8::7]:4711", "2001:db8::7", "x" * 300, "1.2.3"]
)
def test_whatever_a_proxy_writes_login_answers(api, person, settings, forwarded):
    configure(settings, TRUSTED_PROXIES=1)
    body = {"email": "person@example.org", "password": "wrong"}
    refused(api.post("login", body, **{"x-forwarded-for": f"203.0.113.9, {forwarded}"}), 401, "invalid_credentials")
