"""Who enters bad URLs at a host that others use too spends their own budget of fetches, and no one else's."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from fairlead.idtokens import background, issuers
from tests.configure import configure
from tests.issuer import KeyServer, Signer
from tests.tenants import Tenant, as_user, refused
from userpools.models import UserPool


class Clock:
    """In the first second of a minute, so that no count begins anew meanwhile."""

    def __init__(self) -> None:
        self.offset = 60 - time.time() % 60

    def __call__(self) -> float:
        return time.time() + self.offset


@pytest.fixture
def clock(keys: KeyServer, settings: Any) -> Iterator[Clock]:
    clock = Clock()
    issuers.start_again(run=background.inline, clock=clock)
    configure(
        settings,
        OIDC_ENABLED=True,
        OIDC_ISSUER_URL=keys.issuer.url,
        OIDC_CLIENT_ID="fairlead",
        OIDC_CLIENT_SECRET="x" * 32,
        OIDC_PRIVATE_ORIGINS=[keys.origin],
    )
    return clock


def trust(tenant: Tenant, url: str) -> Any:
    return tenant.call("POST", "/org/userPool", {"name": "P", "authorization": {"jwksUri": url}})


def spend(tenant: Tenant, keys: KeyServer) -> None:
    """Enter URLs at this host that answer 404 until the tenant is told to wait."""
    answers = [trust(tenant, f"{keys.origin}/bad/{number}") for number in range(31)]
    assert [answer.status_code for answer in answers] == [400] * 30 + [429]


def test_thirty_bad_urls_stop_no_ones_rotation_but_their_owners_creation(
    client: Client, tenant: Tenant, other: Tenant, keys: KeyServer, clock: Clock
) -> None:
    client_id = other.application(other.pool({"jwksUri": keys.jwks_uri})["id"])["id"]
    assert as_user(client, keys.issuer.token(), client_id).status_code == 200
    spend(tenant, keys)
    clock.offset += 15
    keys.issuer.signers[:] = [Signer("ES256", kid="next")]
    assert as_user(client, keys.issuer.token(), client_id).status_code == 200
    assert trust(other, f"{keys.origin}/keys?new").status_code == 201
    # The provider's document at the same host, for the first time.
    assert client.get("/api/auth/oidc/initiate").status_code == 302


def test_who_has_none_left_is_told_when_to_come_again(tenant: Tenant, keys: KeyServer, clock: Clock) -> None:
    pool = tenant.pool()
    spend(tenant, keys)
    before = len(keys.asked)
    answers = [
        trust(tenant, keys.jwks_uri),
        tenant.call("POST", "/org/userPool", {"name": "P", "authorization": {"issuer": keys.issuer.url}}),
    ]
    for answer in answers:
        assert "a minute" in refused(answer, 429, "throttled")["detail"]
        assert 1 <= int(answer["Retry-After"]) <= 60
    assert len(keys.asked) == before
    assert [str(each.pk) for each in UserPool.objects.all()] == [pool["id"]]
    clock.offset += 60
    assert trust(tenant, keys.jwks_uri).status_code == 201


def test_a_change_to_keys_elsewhere_is_refused_too(tenant: Tenant, keys: KeyServer, clock: Clock) -> None:
    pool = tenant.pool({"jwksUri": keys.jwks_uri})
    assert [trust(tenant, f"{keys.origin}/bad/{number}").status_code for number in range(30)][-1] == 429
    body = {"authorization": {"jwksUri": f"{keys.origin}/elsewhere"}}
    answer = tenant.call("PATCH", f"/org/userPool/{pool['id']}", body)
    refused(answer, 429, "throttled")
    assert UserPool.objects.get().jwks_uri == keys.jwks_uri


def test_urls_that_gave_good_keys_have_a_reserve_of_their_own(
    client: Client, tenant: Tenant, keys: KeyServer, clock: Clock
) -> None:
    client_id = tenant.application(tenant.pool({"jwksUri": keys.jwks_uri})["id"])["id"]
    clock.offset += 60
    spend(tenant, keys)
    keys.issuer.signers[:] = [Signer("ES256", kid="next")]
    assert as_user(client, keys.issuer.token(), client_id).status_code == 200


def test_who_has_none_left_holds_no_url_of_others_back(
    client: Client, tenant: Tenant, other: Tenant, keys: KeyServer, clock: Clock
) -> None:
    spend(tenant, keys)
    refused(trust(tenant, keys.jwks_uri), 429, "throttled")
    # In the same cooldown: nobody was asked, so it is still to be had.
    assert trust(other, keys.jwks_uri).status_code == 201
    assert keys.count() == 1
