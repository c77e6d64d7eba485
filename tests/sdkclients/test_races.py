"""What the database refuses because two calls came at once is 409 at every door of the tenants wing, never a fault."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models.signals import pre_delete

from fairlead.orgs.models import Membership
from sdkclients import clients
from sdkclients.models import Kind, SdkClient
from tests.orgs.conftest import person
from tests.tenants import Tenant, refused
from userpools import pools
from userpools.models import UserPool

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_client_made_while_its_pool_is_deleted_is_409(tenant: Tenant, monkeypatch: Any) -> None:
    """The pool goes after it was looked up and before the client's row is written."""
    pool_id = tenant.pool()["id"]
    create = clients.create_application

    def after_the_pool_went(pool: UserPool, **given: Any) -> SdkClient:
        pools.delete(UserPool.objects.get(pk=pool.pk))
        return create(pool, **given)

    monkeypatch.setattr(clients, "create_application", after_the_pool_went)
    body = {"name": "Web", "kind": {"application": {"userPoolId": pool_id}}}
    refused(tenant.call("POST", "/org/sdkClient", body), 409, "in_use")
    assert not SdkClient.objects.exists()
    assert not UserPool.objects.exists()


def test_a_pool_deleted_while_a_client_is_made_for_it_is_409(tenant: Tenant) -> None:
    """The client comes after the database was asked for clients and before the pool's row goes."""
    pool_id = tenant.pool()["id"]

    def make_client(instance: UserPool, **_: Any) -> None:
        SdkClient.objects.create(
            organization_id=instance.organization_id, name="Web", kind=Kind.APPLICATION, pool_id=instance.pk
        )

    pre_delete.connect(make_client, sender=UserPool)
    try:
        refused(tenant.call("DELETE", f"/org/userPool/{pool_id}"), 409, "in_use")
    finally:
        pre_delete.disconnect(make_client, sender=UserPool)
    assert UserPool.objects.get().pk


@contextmanager
def refusing_every_write() -> Iterator[None]:
    """Whatever is written to a table of the wing meets a constraint."""

    def execute(run: Any, sql: str, *args: Any) -> Any:
        verb, _, rest = sql.partition(" ")
        if verb in {"INSERT", "UPDATE", "DELETE"} and any(
            table in rest.split("(")[0] for table in ("userpools_", "sdkclients_", "fairlead_orgs_apikey")
        ):
            raise IntegrityError("a constraint")
        return run(sql, *args)

    with connection.execute_wrapper(execute):
        yield


def test_a_constraint_that_is_met_is_409_at_every_door(tenant: Tenant) -> None:
    pool = tenant.pool()["id"]
    lonely = tenant.pool()["id"]
    application = tenant.application(pool)["id"]
    who = str(person("person@example.org").pk)
    member = {"X-Person": who, "X-Organization-Id": str(tenant.organization.pk)}
    _join(tenant, who)
    service = _as(tenant, member, "POST", "/org/sdkClient", {"name": "x", "kind": "service"}).json()["id"]
    doors = [
        ("POST", "/org/userPool", {"name": "x"}),
        ("PATCH", f"/org/userPool/{pool}", {"name": "x"}),
        ("DELETE", f"/org/userPool/{lonely}", None),
        ("POST", "/org/sdkClient", {"name": "x", "kind": {"application": {"userPoolId": pool}}}),
        ("POST", "/org/sdkClient", {"name": "x", "kind": "service"}),
        ("PATCH", f"/org/sdkClient/{application}", {"name": "x"}),
        ("DELETE", f"/org/sdkClient/{application}", None),
        ("POST", f"/org/sdkClient/{service}/rotateKey", {}),
    ]
    for method, path, body in doors:
        with refusing_every_write():
            refused(_as(tenant, member, method, path, body), 409, "in_use")
    # And nothing of it stayed half done.
    for method, path, body in doors:
        assert _as(tenant, member, method, path, body).status_code in {200, 201, 204}, path


def _as(tenant: Tenant, member: dict[str, str], method: str, path: str, body: Any) -> Any:
    if body is None:
        return tenant.client.generic(method, path, headers=member)
    return tenant.client.generic(method, path, json.dumps(body), content_type="application/json", headers=member)


def _join(tenant: Tenant, user_id: str) -> None:
    Membership.objects.create(organization=tenant.organization, user_id=user_id, role="admin")
