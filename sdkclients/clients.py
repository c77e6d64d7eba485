"""SDK clients: made, changed, deleted, their keys rotated; and found again for each call of an app user."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import FilteredRelation, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from fairlead.audit.events import Event, record
from fairlead.credentials.secrets import Minted
from fairlead.memory import Memory
from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import Organization
from sdkclients.models import Kind, SdkClient
from userpools import app_users, pools
from userpools.models import AppUser, UserPool

LIFETIME = 5  # seconds
_known: Memory[uuid.UUID, SdkClient] = Memory(
    seconds=LIFETIME, size=10_000, follows=(pools.changes, organizations.changes)
)
_known_pools: Memory[uuid.UUID, UserPool] = Memory(
    seconds=LIFETIME, size=10_000, follows=(pools.changes, organizations.changes)
)


def _application(client_id: uuid.UUID) -> QuerySet[SdkClient]:
    usable = SdkClient.objects.filter(pk=client_id, kind=Kind.APPLICATION, organization__disabled_at=None)
    return usable.select_related("pool__organization")


def _application_and_user(client_id: uuid.UUID, external_id: str) -> QuerySet[SdkClient]:
    named = FilteredRelation("pool__users", condition=Q(pool__users__external_id=external_id))
    return _application(client_id).annotate(named=named).select_related("named")  # type: ignore[misc]


def _nobody() -> None:
    return None


def create_application(
    pool: UserPool,
    *,
    name: str,
    description: str = "",
    actor: Model | None = None,
    request: HttpRequest | None = None,
) -> SdkClient:
    """A client whose users come from `pool`, in the pool's organization."""
    with transaction.atomic():
        client = SdkClient.objects.create(
            organization_id=pool.organization_id, name=name, description=description, kind=Kind.APPLICATION, pool=pool
        )
        _record(Event.CLIENT_CREATED, client, actor, request, kind=client.kind, pool=pool.pk)
    return client


def create_service(
    organization: Organization,
    *,
    name: str,
    description: str = "",
    actor: Model | None = None,
    request: HttpRequest | None = None,
) -> tuple[SdkClient, Minted]:
    """A client with an API key of its own, whose plaintext is in what is returned and nowhere else."""
    with transaction.atomic():
        key, minted = api_keys.make(organization, name=name, actor=actor, of_service=True, request=request)
        client = SdkClient.objects.create(
            organization=organization, name=name, description=description, kind=Kind.SERVICE, api_key=key
        )
        _record(Event.CLIENT_CREATED, client, actor, request, kind=client.kind, api_key=key.pk)
    return client, minted


def change(
    client: SdkClient, *, given: Mapping[str, Any], actor: Model | None = None, request: HttpRequest | None = None
) -> SdkClient:
    fields = [field for field in ("name", "description") if field in given]
    for field in fields:
        setattr(client, field, given[field])
    with transaction.atomic():
        client.save(update_fields=[*fields, "updated_at"])
        _record(Event.CLIENT_CHANGED, client, actor, request, fields=fields)
        _known.changes.changed(transaction.on_commit)
    return client


def delete(client: SdkClient, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    """Remove the client; a service's keys, also one that a rotation left working, are revoked."""
    with transaction.atomic():
        _record(Event.CLIENT_DELETED, client, actor, request, kind=client.kind)
        key = client.api_key
        client.delete()
        if key is not None:
            api_keys.revoke_family(key, actor=actor, request=request)
        _known.changes.changed(transaction.on_commit)


def rotate_key(
    client: SdkClient, *, overlap: timedelta, actor: Model | None = None, request: HttpRequest | None = None
) -> tuple[SdkClient, Minted]:
    """A service client's new key. The earlier ones work until `overlap` has passed."""
    with transaction.atomic():
        held = SdkClient.objects.select_for_update().get(pk=client.pk)
        if held.api_key is None:
            raise ValueError("an application client has no key")
        held.api_key, minted = api_keys.rotate(held.api_key, overlap=overlap, actor=actor, request=request)
        held.save(update_fields=["api_key", "updated_at"])
    return held, minted


def find(client_id: uuid.UUID, *, likely_user: Callable[[], str | None] = _nobody) -> SdkClient | None:
    """The application client with its pool and organization; None for a disabled organization's. Shared: do not change.

    `likely_user` tells the external id that an unverified token names. Where the client has to be looked up, the user's
    row comes with the same query and is remembered for `app_users.of`, which asks only after the token was verified.
    """
    return _known.look_up(client_id, lambda: _load(client_id, likely_user()))


def _load(client_id: uuid.UUID, external_id: str | None) -> SdkClient | None:
    users_stamp = app_users.stamp()
    found = _application(client_id) if external_id is None else _application_and_user(client_id, external_id)
    client = found.first()
    user: AppUser | None = getattr(client, "named", None)
    if client is not None and client.pool is not None and user is not None:
        user.pool = client.pool
        app_users.remember(user, stamp=users_stamp)
    return client


def find_pool(pool_id: uuid.UUID) -> UserPool | None:
    """The hosted pool with its organization, for tokens that name no client; None for a disabled organization's."""
    hosted = UserPool.objects.filter(pk=pool_id, hosted=True, organization__disabled_at=None)
    return _known_pools.look_up(pool_id, lambda: hosted.select_related("organization").first())


def load_keys(found: Sequence[SdkClient]) -> None:
    """Give each service client its `working_keys`: one query for all."""
    families = [client.api_key.family for client in found if client.api_key]
    working = api_keys.working(families, now=timezone.now()) if families else {}
    for client in found:
        client.working_keys = working.get(client.api_key.family, []) if client.api_key else []


def only_application(pool: UserPool) -> SdkClient | None:
    """The pool's application client where there is exactly one."""
    found = list(SdkClient.objects.filter(pool=pool)[:2])
    return found[0] if len(found) == 1 else None


def _record(event: Event, client: SdkClient, actor: Model | None, request: HttpRequest | None, **details: Any) -> None:
    record(event, actor=actor, subject=client, request=request, organization=client.organization_id, **details)
