"""The seed calls with the ID tokens of the two real providers, as a newcomer would make them."""

from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.configure import configure
from tests.providers import relying_party
from tests.providers.started import Provider
from tests.tenants import Tenant, as_user, refused

pytestmark = [pytest.mark.django_db, pytest.mark.providers]
ACCOUNT = "person@example.org"


@pytest.fixture(autouse=True)
def _the_operator_allows_the_provider(settings: Any, provider: Provider) -> None:
    configure(settings, POOL_PRIVATE_ORIGINS=[provider.origin])


def seed(tenant: Tenant, provider: Provider, **authorization: Any) -> tuple[Any, Any]:
    """The two calls of the README; `authorization` replaces what stands there."""
    jwks_uri = relying_party.metadata(provider)["jwks_uri"]
    given = {"jwksUri": jwks_uri, **authorization}
    pool = tenant.made("/org/userPool", {"name": "My users", "description": "Ours", "authorization": given})
    assert (pool["name"], pool["description"]) == ("My users", "Ours")
    assert (pool["authorization"]["jwksUri"], pool["authorization"]["idClaim"]) == (jwks_uri, "sub")
    kind = {"application": {"userPoolId": pool["id"]}}
    client = tenant.made("/org/sdkClient", {"name": "My application", "kind": kind})
    assert client["auth"] == {"type": "userPool", "userPoolId": pool["id"]}
    return pool, client


def test_the_seed_calls_and_a_first_token(tenant: Tenant, provider: Provider) -> None:
    token = relying_party.id_token_of_organization(provider, ACCOUNT)
    for authorization in ({}, {"issuer": provider.issuer, "audience": provider.organization_id}):
        pool, client = seed(tenant, provider, **authorization)
        body = as_user(tenant.client, token, client["id"]).json()
        assert body["appUserId"] == body["claims"]["sub"]
        assert (body["userPoolId"], body["sdkClientId"]) == (pool["id"], client["id"])


def test_discovery_is_enough(tenant: Tenant, provider: Provider) -> None:
    given = {"issuer": provider.issuer, "audience": provider.organization_id}
    pool = tenant.pool(given)
    assert (pool["warnings"], pool["authorization"]["jwksUri"]) == ([], None)
    token = relying_party.id_token_of_organization(provider, ACCOUNT)
    assert as_user(tenant.client, token, tenant.application(pool["id"])["id"]).status_code == 200


def test_tampered_expired_and_for_another_audience(tenant: Tenant, provider: Provider) -> None:
    _, client = seed(tenant, provider, issuer=provider.issuer, audience=provider.organization_id)
    _, strict = seed(tenant, provider, issuer=provider.issuer, audience="another-application")
    _, elsewhere = seed(tenant, provider, issuer=f"{provider.issuer}/", audience=provider.organization_id)
    token = relying_party.id_token_of_organization(provider, ACCOUNT)
    head, claims, signature = token.split(".")
    flipped = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
    refused(as_user(tenant.client, f"{head}.{claims}.{flipped}", client["id"]), 401, "bad_signature")
    refused(as_user(tenant.client, f"{head}.{claims[:-4]}.{signature}", client["id"]), 401, "malformed")
    refused(as_user(tenant.client, token, strict["id"]), 401, "wrong_audience")
    refused(as_user(tenant.client, token, elsewhere["id"]), 401, "wrong_issuer")
    assert as_user(tenant.client, token, client["id"]).status_code == 200
    with time_machine.travel(timezone.now().timestamp() + 12 * 3600, tick=False):
        refused(as_user(tenant.client, token, client["id"]), 401, "expired")


def test_an_access_token_is_no_id_token(tenant: Tenant, provider: Provider) -> None:
    _, client = seed(tenant, provider, issuer=provider.issuer, audience=provider.organization_id)
    trip = relying_party.sign_in(
        provider, ACCOUNT, client_id=provider.organization_id, redirect_uri=provider.organization_redirect
    )
    assert as_user(tenant.client, trip.access_token, client["id"]).status_code == 401


def test_a_token_from_another_pool(
    tenant: Tenant, other: Tenant, provider: Provider, toolkit: Any, panva: Any, settings: Any
) -> None:
    configure(settings, POOL_PRIVATE_ORIGINS=[toolkit.origin, panva.origin])
    another = panva if provider is toolkit else toolkit
    another.start()
    _, theirs = seed(other, another)
    token = relying_party.id_token_of_organization(provider, ACCOUNT)
    answer = as_user(tenant.client, token, theirs["id"])
    assert answer.status_code == 401
    assert answer.json()["code"] in ("unknown_key", "bad_signature")
    hosted = tenant.application(tenant.pool()["id"])
    assert as_user(tenant.client, token, hosted["id"]).status_code == 401
