"""`manage.py doctor` and user pools: each fault names the pool's member and the organization that can change it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from fairlead.idtokens import background, issuers
from fairlead.idtokens.models import RemoteDocument
from fairlead.orgs import organizations
from fairlead.web.health import examinations
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, Verdict
from tests import health
from tests.configure import configure
from tests.issuer import KeyServer
from userpools.models import UserPool

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(keys: KeyServer) -> UserPool:
    organization = organizations.create("First Organization", slug="first")
    return UserPool.objects.create(
        organization=organization, name="Customers", hosted=False, jwks_uri=keys.jwks_uri, issuer=keys.origin,
        audiences=["app"], algorithms=["ES256"],
    )  # fmt: skip


def look(**asked: Any) -> list[Finding]:
    return health.look("pools", Asked(**asked))


def change(**values: Any) -> Callable[[UserPool, KeyServer, Any], object]:
    return lambda pool, keys, settings: UserPool.objects.filter(pk=pool.pk).update(
        **{
            name: value.format(origin=keys.origin) if isinstance(value, str) else value
            for name, value in values.items()
        }
    )


def called(name: str) -> Callable[[UserPool, KeyServer, Any], object]:
    def plant(pool: UserPool, keys: KeyServer, settings: Any) -> None:
        keys.documents["/.well-known/openid-configuration"] = {"issuer": name.format(origin=keys.origin)}

    return plant


FAULTS = {
    "an idClaim nobody expanded": (change(id_claim="$ID_CLAIM"), "idClaim", "variable that nobody expanded"),
    "an issuer nobody expanded": (change(issuer="${{ISSUER}}"), "issuer", "variable that nobody expanded"),
    "an audience nobody expanded": (change(audiences=["<client-id>"]), "audience", "variable that nobody expanded"),
    "a discovery address as issuer": (
        change(issuer="{origin}/.well-known/openid-configuration"), "issuer", "sets issuer to http://127.0.0.1",
    ),
    "a discovery address as key set": (
        change(jwks_uri="{origin}/.well-known/openid-configuration"), "jwksUri", "jwks_uri of that document",
    ),
    "a slash too few": (called("{origin}/"), "issuer", "to the last slash"),
    "another issuer": (called("https://else.example"), "issuer", "calls itself https://else.example"),
    "no keys there": (change(jwks_uri="{origin}/nothing"), "fetch", "Correct jwksUri"),
    "nobody there": (
        lambda pool, keys, settings: (change(issuer="")(pool, keys, settings), keys.stop()), "fetch", "from this machine",
    ),
    "a private address nobody allowed": (
        lambda pool, keys, settings: configure(settings, POOL_PRIVATE_ORIGINS=()), "fetch", "POOL_PRIVATE_ORIGINS",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_names_who_can_mend_it(
    pool: UserPool, keys: KeyServer, settings: Any, name: str
) -> None:
    plant, what, says = FAULTS[name]
    plant(pool, keys, settings)
    found = health.faults(look())
    first = found[0]
    assert first.verdict is Verdict.WARNING
    assert first.what == f"first, Customers ({pool.pk}): {what}"
    assert says in health.told(first)
    assert f"organization first (PATCH /org/userPool/{pool.pk})" in first.remedy


def test_a_discovery_document_that_became_nonsense_is_told_while_the_last_good_one_serves(
    pool: UserPool, keys: KeyServer
) -> None:
    change(jwks_uri="")(pool, keys, None)
    good = keys.documents["/.well-known/openid-configuration"] = keys.metadata()
    assert health.faults(look()) == []
    keys.documents["/.well-known/openid-configuration"] = good | {"jwks_uri": None}
    issuers.start_again(run=background.inline)
    RemoteDocument.objects.update(fresh_until=timezone.now(), next_fetch_at=timezone.now())
    (found,) = health.faults(look())
    assert found.what.endswith(": discovery")
    assert "has no jwks_uri" in found.text
    assert "serves on" in found.text
    assert "1 usable keys" in " ".join(map(health.told, look()))


def test_a_good_pool_and_a_hosted_one_are_well(pool: UserPool, keys: KeyServer) -> None:
    UserPool.objects.create(
        organization=pool.organization, name="Hosted", hosted=True, issuer="http://testserver/pools/1", id_claim="sub"
    )
    found = look()
    assert health.faults(found) == []
    assert "1 usable keys" in " ".join(map(health.told, found))
    assert found[-1].text == "2 in all."


def test_offline_asks_nobody(pool: UserPool, keys: KeyServer) -> None:
    assert health.faults(look(offline=True)) == []
    assert keys.asked == []


def test_one_pool_is_looked_at_alone(pool: UserPool, keys: KeyServer) -> None:
    UserPool.objects.create(organization=pool.organization, name="Other", hosted=False, issuer="${X}")
    assert health.faults(look(pool=str(pool.pk))) == []
    assert {each.area for each in examinations.run(Asked(pool=str(pool.pk)))} == {"pools"}


@pytest.mark.parametrize("wrong", ["nothing", "00000000-0000-0000-0000-000000000001"])
def test_a_pool_that_is_not_there_is_a_problem(pool: UserPool, wrong: str) -> None:
    (found,) = look(pool=wrong)
    assert (found.verdict, found.what) == (Verdict.PROBLEM, wrong)


def test_when_the_time_is_used_up_the_rest_is_counted(pool: UserPool, keys: KeyServer) -> None:
    found = look(until=0.0)
    assert found[0].verdict is Verdict.NOTE
    assert "1 pools were not fetched" in found[0].text
    assert keys.asked == []


def test_a_tenant_does_not_write_to_the_terminal(pool: UserPool, keys: KeyServer) -> None:
    UserPool.objects.update(name="\x1b[31mCustomers\nok")
    assert all(each.what.isprintable() for each in look())
