"""The mobile exchange: only an access token that was provably issued to one of our clients is worth anything."""

import base64
import hashlib
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from accounts.models import Session, User
from tests.configure import configure
from tests.oidc_login.scripted import CLIENT_ID, KEY, json_answer

OPAQUE = "opaque-access-token"


@pytest.fixture
def phone(browser, settings):
    """An app on somebody's phone: no cookies, only tokens of the provider."""
    configure(settings, OIDC_MOBILE_CLIENT_IDS=("ios", "android"))
    provider = browser.provider
    provider.userinfo = {
        "sub": "subject-1",
        "email": "person@example.org",
        "email_verified": True,
        "name": "Person One",
    }

    def send(access_token, **more):
        body = {"access_token": access_token, **more}
        return browser.client.post("/api/auth/oidc/exchange/mobile", body, content_type="application/json")

    send.provider = provider
    return send


def signed(provider, *, key=KEY, header_typ="at+jwt", **claims):
    now = int(time.time())
    claims = {"iss": provider.issuer, "sub": "subject-1", "iat": now, "exp": now + 300, **claims}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "first", "typ": header_typ})


def id_token(provider, access_token, **claims):
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    at_hash = base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    return provider.id_token(**{"at_hash": at_hash, **claims})


def refused(response):
    assert (response.status_code, response.json()["code"]) == (401, "token_not_bound"), response.content
    assert not User.objects.exists()
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"azp": CLIENT_ID, "aud": "https://api.example.org"},
        {"azp": "ios"},
        {"client_id": "android", "aud": ["https://api.example.org", "x"]},
        {"azp": "ios", "client_id": CLIENT_ID},
        {"aud": CLIENT_ID},
        {"aud": ["ios"]},
    ],
)
def test_jwt_that_was_issued_to_one_of_our_clients_is_exchanged(phone, claims):
    response = phone(signed(phone.provider, **claims))
    assert response.status_code == 200, response.content
    body = response.json()
    assert set(body) == {"access_token", "refresh_token", "user", "redirectUrl", "notices"}
    assert (body["redirectUrl"], body["user"]["email"]) == ("/", "person@example.org")


@pytest.mark.parametrize(
    "claims",
    [
        {"azp": "another"},
        {"azp": "another", "aud": CLIENT_ID},
        {"azp": CLIENT_ID, "client_id": "another"},
        {"azp": None, "client_id": "another", "aud": CLIENT_ID},
        {"azp": ""},
        {"azp": [CLIENT_ID]},
        {"aud": "another"},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": None},
        {"aud": {CLIENT_ID: 1}},
        {"azp": CLIENT_ID, "iss": "https://evil.example"},
        {"azp": CLIENT_ID, "exp": 1},
        {"azp": CLIENT_ID, "exp": None},
        {"azp": CLIENT_ID, "sub": None},
    ],
)
def test_jwt_of_another_client_or_time_is_worthless(phone, claims):
    refused(phone(signed(phone.provider, **claims)))


@pytest.mark.parametrize("mark", ["nonce", "at_hash", "c_hash", "typ"])
@pytest.mark.parametrize("typ", ["JWT", "at+jwt"])
@pytest.mark.parametrize("names", [{"aud": CLIENT_ID}, {"azp": CLIENT_ID, "aud": CLIENT_ID}], ids=["aud", "azp"])
def test_id_token_is_no_access_token(phone, mark, typ, names):
    """It is of the same issuer, keys and client, and every page that its person signed in to has seen it."""
    refused(phone(signed(phone.provider, header_typ=typ, **names, **{mark: "ID"})))


def test_id_token_without_a_mark_is_no_access_token_by_its_audience(phone):
    refused(phone(signed(phone.provider, header_typ="JWT", aud=CLIENT_ID)))


def test_access_token_of_a_provider_that_gives_it_no_type_counts_by_whom_it_was_issued_to(phone):
    assert phone(signed(phone.provider, header_typ="JWT", azp=CLIENT_ID, aud=CLIENT_ID)).status_code == 200


def test_jwt_of_a_key_of_somebody_else_is_worthless(phone):
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    refused(phone(signed(phone.provider, key=stranger, azp=CLIENT_ID)))


def test_opaque_token_without_any_proof_is_worthless(phone):
    refused(phone(OPAQUE))


def introspecting(provider, answer):
    provider.extra_metadata = {"introspection_endpoint": f"{provider.issuer}/introspect"}
    provider.answers["introspect"] = lambda request: json_answer(answer)


@pytest.mark.parametrize("answer", [{"client_id": CLIENT_ID}, {"azp": "ios", "aud": "x"}, {"aud": CLIENT_ID}])
def test_opaque_token_is_exchanged_when_introspection_names_our_client(phone, answer):
    introspecting(phone.provider, {"active": True, "sub": "subject-1", **answer})
    assert phone(OPAQUE).status_code == 200
    assert phone.provider.calls["introspect"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"active": False},
        {"active": "true", "sub": "subject-1", "client_id": CLIENT_ID},
        {"active": True, "sub": "subject-1", "client_id": "another"},
        {"active": True, "sub": "subject-1", "client_id": "another", "aud": CLIENT_ID},
        {"active": True, "sub": "subject-1"},
        {"active": True, "client_id": CLIENT_ID},
        {"active": True, "sub": "subject-2", "client_id": CLIENT_ID},
        {"active": True, "sub": "subject-1", "client_id": CLIENT_ID, "iss": "https://evil.example"},
    ],
)
def test_opaque_token_of_another_client_is_worthless_by_introspection(phone, answer):
    introspecting(phone.provider, answer)
    refused(phone(OPAQUE))


@pytest.mark.parametrize("aud", [CLIENT_ID, "ios"])
def test_opaque_token_is_exchanged_with_its_own_id_token(phone, aud):
    token = id_token(phone.provider, OPAQUE, aud=aud, nonce="n")
    assert phone(OPAQUE, id_token=token, nonce="n").status_code == 200


@pytest.mark.parametrize(
    "claims",
    [{"at_hash": None}, {"at_hash": "wrong"}, {"aud": "another"}, {"sub": "subject-2"}, {"exp": 1}, {"azp": "another"}],
)
def test_id_token_that_does_not_belong_proves_nothing(phone, claims):
    refused(phone(OPAQUE, id_token=id_token(phone.provider, OPAQUE, **claims)))


def test_our_id_token_beside_somebody_elses_access_token_proves_nothing(phone):
    refused(phone("access-token-of-another-client", id_token=id_token(phone.provider, OPAQUE)))
    ours = signed(phone.provider, azp="another")
    refused(phone(ours, id_token=id_token(phone.provider, ours)))


def test_an_id_token_and_a_jwt_of_two_people_prove_nothing(phone):
    """Each is good by itself, and bound to the other: userinfo would tell of whom the access token names."""
    access_token = signed(phone.provider, azp=CLIENT_ID, sub="subject-2")
    phone.provider.userinfo["sub"] = "subject-2"
    refused(phone(access_token, id_token=id_token(phone.provider, access_token)))


def test_nonce_of_another_sign_in_proves_nothing(phone):
    refused(phone(OPAQUE, id_token=id_token(phone.provider, OPAQUE, nonce="a"), nonce="b"))


def test_userinfo_of_somebody_else_proves_nothing(phone):
    phone.provider.userinfo["sub"] = "subject-2"
    refused(phone(signed(phone.provider, azp=CLIENT_ID)))


def test_access_token_that_userinfo_refuses_is_worthless(phone):
    phone.provider.answers["userinfo"] = lambda request: json_answer({"error": "invalid_token"}, 401)
    refused(phone(signed(phone.provider, azp=CLIENT_ID)))


def test_provider_that_fails_is_no_fault_of_the_token(phone):
    phone.provider.answers["userinfo"] = lambda request: json_answer({}, 503)
    answer = phone(signed(phone.provider, azp="ios"))
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_unreachable")
    assert int(answer["Retry-After"]) > 0


def test_link_that_needs_proof_is_for_the_web(phone):
    User.objects.create_user("person@example.org", "a long enough password")
    phone.provider.userinfo["email_verified"] = False
    response = phone(signed(phone.provider, azp=CLIENT_ID))
    assert (response.status_code, response.json()["code"]) == (409, "link_confirmation_required")
    assert "on the web" in response.json()["detail"]


def test_suspended_person_stays_outside(phone):
    phone(signed(phone.provider, azp=CLIENT_ID))
    User.objects.update(status="suspended", is_active=False)
    response = phone(signed(phone.provider, azp=CLIENT_ID))
    assert (response.status_code, response.json()["code"]) == (403, "account_suspended")
