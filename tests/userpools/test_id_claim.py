from typing import Any

import pytest
from django.utils import timezone

from fairlead.idtokens.errors import TokenRefused
from tests.issuer import KeyServer
from tests.tenants import Tenant
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
