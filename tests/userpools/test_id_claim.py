from typing import Any

import pytest
from django.utils import timezone

from fairlead.idtokens.errors import TokenRefused
from tests.issuer import KeyServer
from tests.tenants import Tenant, as_user, refused
from userpools import pools
from userpools.id_claim import as_external_id
from userpools.models import AppUser, UserPool

pytestmark = pytest.mark.django_db


def identify(tenant: Tenant, keys: KeyServer, id_claim: str, **claims: Any) -> str:
    pool = UserPool.objects.get(pk=tenant.pool({"jwksUri": keys.jwks_uri, "idClaim": id_claim})["id"])
    try:
        return pools.identify(pool, keys.issuer.token(**claims), now=timezone.now()).user.external_id
    except TokenRefused as refusal:
        assert not AppUser.objects.exists()
        return f"refused: {refusal.code}"


@pytest.mark.parametrize(
    ("value", "external_id"),
    [
        ("person-1", "person-1"),
        ("Ж" * 255, "Ж" * 255),
        (" ", " "),
        ("a b/c?d#e", "a b/c?d#e"),
        (42, "42"),
        (0, "0"),
        (-7, "-7"),
        ("", "refused: malformed"),
        ("x" * 256, "refused: malformed"),
        ("a\nb", "refused: malformed"),
        ("a\x7fb", "refused: malformed"),
        ("a\x85b", "refused: malformed"),
        (True, "refused: malformed"),
        (1.0, "refused: malformed"),
        (10**300, "refused: malformed"),
        (["person-1"], "refused: malformed"),
        ({"id": 1}, "refused: malformed"),
        (None, "refused: missing_claim"),
    ],
)
def test_the_id_claim(tenant: Tenant, keys: KeyServer, value: Any, external_id: str) -> None:
    assert identify(tenant, keys, "uid", uid=value) == external_id


@pytest.mark.parametrize(
    ("flag", "external_id"),
    [
        (True, "user@example.org"),
        (False, "refused: email_unverified"),
        (None, "refused: email_unverified"),
        ("true", "refused: email_unverified"),
        (1, "refused: email_unverified"),
        ([True], "refused: email_unverified"),
    ],
)
def test_an_email_identifies_only_where_the_token_says_that_it_is_verified(
    tenant: Tenant, keys: KeyServer, flag: Any, external_id: str
) -> None:
    assert identify(tenant, keys, "email", email="user@example.org", email_verified=flag) == external_id


def test_a_lone_surrogate_is_no_id() -> None:
    assert as_external_id("a\ud800") is None


def test_two_spellings_are_two_users(tenant: Tenant, keys: KeyServer) -> None:
    pool = UserPool.objects.get(pk=tenant.pool({"jwksUri": keys.jwks_uri})["id"])
    for subject in ("Person", "person", "person "):
        pools.identify(pool, keys.issuer.token(sub=subject), now=timezone.now())
    assert AppUser.objects.count() == 3


@pytest.mark.parametrize("name", ["A\x00da", "A\ud800da"], ids=ascii)
def test_a_name_that_is_no_text_keeps_nobody_out(tenant: Tenant, keys: KeyServer, name: str) -> None:
    pool = tenant.pool({"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": "client-1"})["id"]
    client = tenant.application(pool)["id"]
    token = keys.issuer.token(name=name, address={"lines": [name]})
    claims = as_user(tenant.client, token, client).json()["claims"]
    assert (claims["name"], claims["address"]) == ("A\ufffdda", {"lines": ["A\ufffdda"]})
    verdict = tenant.call("POST", "/org/verifyToken", {"token": token, "clientId": client, "explain": True}).json()
    assert verdict["active"]


@pytest.mark.parametrize("bad", ["7\x00", "7\ud800", "7\ufffd\x00"], ids=ascii)
@pytest.mark.parametrize("claim", ["sub", "employee"])
def test_an_id_that_is_no_text_is_nobodys(tenant: Tenant, keys: KeyServer, claim: str, bad: str) -> None:
    trusted = {"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": "client-1", "idClaim": claim}
    client = tenant.application(tenant.pool(trusted)["id"])["id"]
    refused(as_user(tenant.client, keys.issuer.token(**{claim: bad}), client), 401, "malformed")
    assert not AppUser.objects.exists()
