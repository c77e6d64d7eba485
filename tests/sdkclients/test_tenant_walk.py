"""An attacker with a valid key of tenant A, at every route there is, with every id of tenant B.

The routes come from the URL configuration: one that is not listed here fails, so nobody forgets to think about it. Each
call is made twice, with B's id and with an id that does not exist, and must be answered alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.urls import URLPattern, URLResolver, get_resolver

from fairlead.audit.models import AuditEvent
from fairlead.orgs import invitations
from fairlead.orgs.models import ApiKey, Invitation, Membership, Role
from sdkclients import clients
from sdkclients.models import SdkClient
from tests.tenants import NOBODY, Tenant, alike
from userpools.models import AppUser, PoolSigningKey, UserPool

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PREFIXES = ("org", "app/", "pools/")
# Bodies that would do something, were the id one's own. `{pool}`, `{client}` and so on are B's ids, or nobody's.
BODIES: dict[str, list[Any]] = {
    "org": [{"name": "x"}, {"slug": "{organization}"}],
    "org/apiKey": [{"name": "x"}],
    "org/apiKey/<str:key_id>": [None],
    "org/apiKey/<str:key_id>/rotate": [{}],
    "org/invitation": [{"email": "x@example.org", "role": "member"}],
    "org/invitation/<str:invitation_id>": [None],
    "org/invitation/<str:invitation_id>/resend": [None],
    "org/member": [None],
    "org/member/<str:member_id>": [{"role": "read-only"}],
    "org/userPool": [{"name": "x"}, {"name": "x", "organizationId": "{organization}"}],
    "org/userPool/<str:pool_id>": [{}, {"name": "x"}, {"authorization": None}],
    "org/userPool/<str:pool_id>/check": [None],
    "org/appUserIdToken/revoke": [{"userPoolId": "{pool}", "appUserId": "{user}"}],
    "org/appUserIdToken": [
        {"userPoolId": "{pool}", "appUserId": "{user}"},
        {"userPoolId": "{pool}", "appUserId": "{user}", "exp": 1},
    ],
    "org/sdkClient": [
        {"name": "x", "kind": {"application": {"userPoolId": "{pool}"}}},
        {"name": "x", "kind": "service", "organizationId": "{organization}"},
    ],
    "org/sdkClient/<str:client_id>": [{}, {"name": "x"}],
    "org/sdkClient/<str:client_id>/rotateKey": [{}, {"overlapSeconds": 0}],
    "org/verifyToken": [
        {"token": "{token}", "userPoolId": "{pool}"},
        {"token": "{token}", "clientId": "{client}"},
        {"token": "{token}", "clientId": "{service}"},
        {"token": "{token}", "clientId": "{client}", "explain": True},
    ],
    "app/me": [None],
    "app/authorize/<str:client_id>": [None],
}
# Public by design: whoever verifies a hosted pool's tokens reads them. Nothing else of B's is in them.
PUBLIC = {"pools/<str:pool_id>/.well-known/openid-configuration", "pools/<str:pool_id>/.well-known/jwks.json"}
# Routes that list, make or change something of A's own whatever B's ids say in the query or the headers.
OWN_EFFECT = {"org", "org/apiKey", "org/invitation", "org/member", "org/userPool", "org/sdkClient"}


def routes(patterns: list[Any] | None = None, before: str = "") -> Iterator[str]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, address)
        elif isinstance(each, URLPattern) and address.startswith(PREFIXES):
            yield address


ROUTES = sorted(routes())


@dataclass
class Ids:
    organization: str
    pool: str
    client: str
    service: str
    key: str
    member: str
    invitation: str
    user: str
    token: str
    cursor: str

    def into(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.into(each) for name, each in value.items()}
        return value.format(**vars(self)) if isinstance(value, str) else value

    def path(self, route: str, client: str) -> str:
        named = {
            "pool_id": self.pool,
            "client_id": client,
            "member_id": self.member,
            "invitation_id": self.invitation,
            "key_id": self.key,
        }
        return "/" + re.sub(r"<str:(\w+)>", lambda found: named[found[1]], route)


@pytest.fixture
def theirs(other: Tenant) -> Ids:
    pool = other.pool()
    other.pool()
    service, _ = clients.create_service(other.organization, name="Importer")
    token = other.made("/org/appUserIdToken", {"userPoolId": pool["id"], "appUserId": "victim"})["appUserIdToken"]
    user = AppUser.objects.create(pool_id=pool["id"], external_id="victim")
    member = get_user_model().objects.create(email="theirs@example.org")
    owner = get_user_model().objects.create(email="owner@example.org")
    by = Membership.objects.create(organization=other.organization, user=owner, role="admin")
    invitation = invitations.create(other.organization, email="invited@example.org", role=Role.MEMBER, by=by)
    following = other.call("GET", "/org/userPool?limit=1").json()["next"]
    return Ids(
        organization=str(other.organization.pk),
        pool=pool["id"],
        client=other.application(pool["id"])["id"],
        service=str(service.pk),
        key=str(ApiKey.objects.filter(organization=other.organization).latest("created_at").pk),
        member=str(Membership.objects.create(organization=other.organization, user=member).pk),
        invitation=str(invitation.pk),
        user=user.external_id,
        token=token,
        cursor=parse_qs(urlsplit(following).query)["cursor"][0],
    )


@pytest.fixture
def nobodys(theirs: Ids) -> Ids:
    return Ids(
        organization=NOBODY, pool=NOBODY, client=NOBODY, service=NOBODY, key=NOBODY, member=NOBODY, invitation=NOBODY, user=theirs.user,
        token=theirs.token, cursor="invented",
    )  # fmt: skip


def everything_of(organization: Any) -> list[Any]:
    """All rows of a tenant, to see that nothing changed."""
    pools = UserPool.objects.filter(organization=organization)
    tables: list[Any] = [
        pools,
        SdkClient.objects.filter(organization=organization),
        Membership.objects.filter(organization=organization),
        Invitation.objects.filter(organization=organization),
        ApiKey.objects.filter(organization=organization),
        AppUser.objects.filter(pool__in=pools),
        PoolSigningKey.objects.filter(pool__in=pools),
    ]
    volatile = {"last_used_at", "last_seen_at"}
    return [
        {name: value for name, value in row.items() if name not in volatile}
        for table in tables
        for row in table.order_by("pk").values()
    ]


def test_every_route_of_the_tenants_wing_is_thought_of() -> None:
    assert sorted([*BODIES, *PUBLIC]) == ROUTES


@pytest.mark.parametrize("route", sorted(BODIES))
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("caller", ["key", "person"])
def test_ids_of_b_are_answered_as_ids_of_nobody(
    tenant: Tenant, other: Tenant, theirs: Ids, nobodys: Ids, route: str, method: str, caller: str
) -> None:
    if caller == "person":
        attacker = get_user_model().objects.create(email="attacker@example.org")
        Membership.objects.create(organization=tenant.organization, user=attacker, role="admin")
        tenant.call = as_person(tenant, str(attacker.pk))  # type: ignore[method-assign]
    before = everything_of(other.organization)
    bodies = BODIES[route] if method in ("POST", "PUT", "PATCH") else [None]
    for body in bodies:
        for at in ("client", "service") if "client_id" in route else ("client",):
            same_with(
                tenant, method, route,
                (theirs.path(route, getattr(theirs, at)), theirs.into(body)),
                (nobodys.path(route, NOBODY), nobodys.into(body)),
            )  # fmt: skip
    assert everything_of(other.organization) == before
    assert (
        not AuditEvent.objects.filter(
            actor_id=str(ApiKey.objects.get(name="backend", organization=tenant.organization).pk)
        )
        .exclude(details__organization=str(tenant.organization.pk))
        .exists()
    )


def as_person(tenant: Tenant, person: str) -> Any:
    raw_call = tenant.call

    def call(method: str, path: str, body: Any = None, **headers: str) -> Any:
        return raw_call(method, path, body, Authorization="", X_Person=person, **headers)

    return call


def same_with(tenant: Tenant, method: str, route: str, with_theirs: Any, with_nobodys: Any) -> None:
    first, second = tenant.call(method, *with_theirs), tenant.call(method, *with_nobodys)
    if 200 <= first.status_code < 300:
        # Only where no id of B went in: A made something of its own.
        assert route in OWN_EFFECT
        assert with_theirs == with_nobodys
        return
    assert first.status_code in (400, 401, 403, 404, 405), first.content
    alike(first, second)
    for part in with_theirs[0].split("/"):
        assert len(part) != len(NOBODY) or part not in first.json()["detail"]


@pytest.mark.parametrize("route", sorted(BODIES))
@pytest.mark.parametrize("header", ["X_Organization_Id", "X_Client_Id"])
def test_ids_of_b_in_headers_are_answered_as_ids_of_nobody(
    tenant: Tenant, other: Tenant, theirs: Ids, nobodys: Ids, route: str, header: str
) -> None:
    before = everything_of(other.organization)
    values = (theirs.organization, NOBODY) if header == "X_Organization_Id" else (theirs.client, NOBODY)
    path = nobodys.path(route, NOBODY)
    for method in METHODS:
        body = nobodys.into(BODIES[route][-1]) if method in ("POST", "PUT", "PATCH") else None
        first, second = (tenant.call(method, path, body, **{header: value}) for value in values)
        assert first.status_code == second.status_code
        if first.status_code >= 400:
            alike(first, second)
        elif first.status_code == 200:
            assert header == "X_Client_Id"
            assert theirs.pool not in first.content.decode()
    assert everything_of(other.organization) == before


@pytest.mark.parametrize("route", ["org/userPool", "org/sdkClient"])
def test_ids_and_cursors_of_b_in_the_query_reveal_nothing(
    tenant: Tenant, theirs: Ids, nobodys: Ids, route: str
) -> None:
    alike(
        tenant.call("GET", f"/{route}?cursor={theirs.cursor}"), tenant.call("GET", f"/{route}?cursor={nobodys.cursor}")
    )
    for name, value in vars(theirs).items():
        if name == "cursor":
            continue
        for parameter in (name, f"{name}Id", f"{name}_id", "organizationId", "organization", "id", "userPoolId"):
            answer = tenant.call("GET", f"/{route}?{parameter}={value}")
            assert answer.json() == {"results": [], "next": None, "previous": None}


def test_lists_and_answers_of_a_never_name_anything_of_b(tenant: Tenant, other: Tenant, theirs: Ids) -> None:
    mine = tenant.pool()["id"]
    tenant.application(mine)
    for path in ("/org/userPool", "/org/sdkClient", f"/org/userPool/{mine}"):
        text = tenant.call("GET", path).content.decode()
        for name, value in vars(theirs).items():
            assert value not in text, name


def test_a_token_of_b_is_nothing_in_a(tenant: Tenant, other: Tenant, theirs: Ids) -> None:
    mine = tenant.pool()["id"]
    found = tenant.call("POST", "/org/verifyToken", {"token": theirs.token, "userPoolId": mine}).json()
    assert (found["active"], found["code"]) == (False, "wrong_issuer")
