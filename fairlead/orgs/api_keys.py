"""API keys: made, resolved, rotated, revoked. The plaintext exists once, in what `make` and `rotate` return.

A revoked or expired key, and the keys of a disabled organization, stop at once in this process and within LIFETIME
in the others.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import OperationalError, transaction
from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils import timezone

from fairlead.audit.events import Event, record
from fairlead.credentials import secrets
from fairlead.memory import Memory
from fairlead.orgs import organizations
from fairlead.orgs.errors import ApiKeyInvalid
from fairlead.orgs.models import ApiKey, Organization
from fairlead.refusal import Whose

log = logging.getLogger(__name__)

PREFIX = "flk"
HINT = len(PREFIX) + 7  # characters of a key that its row shows
LIFETIME = 20  # seconds
USED_EVERY = timedelta(minutes=1)
OVERLAP = timedelta(hours=1)
MAX_OVERLAP = timedelta(days=7)
_known: Memory[str, ApiKey] = Memory(seconds=LIFETIME, size=10_000, follows=(organizations.changes,))


def resolve(raw_key: str, *, now: datetime) -> ApiKey | None:
    """The key with its organization, or None for what is no valid key. The instance is shared: do not change it.

    One query when it is not known to this process, none when it is. Writes at most once a minute and key.
    """
    if not secrets.well_formed(PREFIX, raw_key):
        return None
    digest = secrets.digest(raw_key)
    with_organization = ApiKey.objects.select_related("organization")
    key = _known.look_up(digest, lambda: with_organization.filter(digest=digest).first())
    if key is None or not valid(key, now=now):
        return None
    _used(key, now=now)
    return key


def refusal(raw_key: str, *, now: datetime) -> ApiKeyInvalid:
    """Why `resolve` gave nothing, for the record: the caller is told the same whatever it is."""
    refused = ApiKeyInvalid()
    refused.whose = Whose(key_prefix=raw_key[:HINT] if raw_key.isascii() and raw_key.isprintable() else "")
    if not secrets.well_formed(PREFIX, raw_key):
        refused.cause_id = "api_key.mistyped"
    elif (key := _known.get(secrets.digest(raw_key))) is None:
        refused.cause_id = "api_key.unknown"
    else:
        refused.whose = Whose(organization=key.organization_id, key_prefix=key.prefix)
        refused.cause_id = "api_key.revoked" if key.revoked_at is not None else "api_key.expired"
        if key.organization.disabled:
            refused.cause_id = "api_key.organization_disabled"
    return refused


def valid(key: ApiKey, *, now: datetime) -> bool:
    """Needs `organization` loaded."""
    expired = key.expires_at is not None and now >= key.expires_at
    return key.revoked_at is None and not expired and not key.organization.disabled


def make(
    organization: Organization,
    *,
    name: str,
    actor: Model | None = None,
    expires_at: datetime | None = None,
    of_service: bool = False,
    request: HttpRequest | None = None,
) -> tuple[ApiKey, secrets.Minted]:
    """A new key. `actor` is the person who made it; None for a command. `of_service`: it is a service client's."""
    with transaction.atomic():
        key, minted = _insert(organization, name=name, actor=actor, expires_at=expires_at, of_service=of_service)
        record(Event.API_KEY_CREATED, actor=actor, subject=key, request=request, organization=organization.pk)
    return key, minted


def rotate(
    key: ApiKey, *, overlap: timedelta, actor: Model | None = None, request: HttpRequest | None = None
) -> tuple[ApiKey, secrets.Minted]:
    """A successor with the same name and expiry. All earlier keys work until `overlap` has passed, never beyond their
    own expiry. Two rotations at once end in one successor each: the row is locked for the while."""
    now = timezone.now()
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().get(pk=key.pk)
        ends = now + min(overlap, MAX_OVERLAP)
        ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=ends), family=key.family).update(expires_at=ends)
        new, minted = _insert(
            key.organization, name=key.name, actor=actor, expires_at=key.expires_at, of_service=key.of_service,
            family=key.family,
        )  # fmt: skip
        ApiKey.objects.filter(pk=key.pk).update(successor=new)
        record(
            Event.API_KEY_ROTATED, actor=actor, subject=key, request=request,
            organization=key.organization_id, successor=new.pk, works_until=ends,
        )  # fmt: skip
        _known.changes.changed(transaction.on_commit)
    return new, minted


def revoke(key: ApiKey, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    """Ends the key for good. Of a key that was revoked before, nothing changes."""
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record(Event.API_KEY_REVOKED, actor=actor, subject=key, request=request, organization=key.organization_id)
        _known.changes.changed(transaction.on_commit)


def working(families: Iterable[UUID], *, now: datetime) -> dict[UUID, list[ApiKey]]:
    """The keys of these families that are neither revoked nor expired, the newest first."""
    found: defaultdict[UUID, list[ApiKey]] = defaultdict(list)
    unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
    for key in ApiKey.objects.filter(unexpired, family__in=families, revoked_at=None).order_by("-created_at", "-id"):
        found[key.family].append(key)
    return found


def revoke_family(key: ApiKey, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    """End the key and every earlier one that a rotation left working."""
    for each in ApiKey.objects.filter(family=key.family, revoked_at=None):
        revoke(each, actor=actor, request=request)


def _insert(
    organization: Organization,
    *,
    name: str,
    actor: Model | None,
    expires_at: datetime | None,
    of_service: bool,
    family: UUID | None = None,
) -> tuple[ApiKey, secrets.Minted]:
    minted = secrets.mint(PREFIX)
    created_by: Any = None if isinstance(actor, ApiKey) else actor
    key = ApiKey.objects.create(
        organization=organization, name=name, prefix=minted.hint, digest=minted.digest,
        created_by=created_by, expires_at=expires_at, of_service=of_service, family=family or uuid4(),
    )  # fmt: skip
    return key, minted


def _used(key: ApiKey, *, now: datetime) -> None:
    before = now - USED_EVERY
    if key.last_used_at is not None and key.last_used_at > before:
        return
    # The one field of the shared instance that changes: it keeps this process from asking again for a minute.
    key.last_used_at = now
    stale = Q(last_used_at=None) | Q(last_used_at__lte=before)
    try:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    except OperationalError:
        log.warning("api key: the time of last use was not written", extra={"api_key": str(key.pk)})
