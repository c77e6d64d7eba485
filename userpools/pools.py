"""User pools: made, changed, deleted, and asked who a token's user is. The door of this app for code.

    create, change, delete     raise PoolRefused; audit event in the same transaction
    identify(pool, raw_token)  raises TokenRefused or KeysUnavailable

Nothing is fetched inside a transaction: the look at the keys comes first, the row after it.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError
from django.http import HttpRequest

from fairlead.audit.events import Event, record
from fairlead.idtokens import outbound, waiting
from fairlead.memory import Stamp
from fairlead.orgs.models import Organization
from userpools import addresses, authorization, pool_keys, signing_keys
from userpools.authorization import Authorization
from userpools.errors import PoolInUse, PoolKindFixed, TooManyChanges
from userpools.identity import Identified, identify
from userpools.models import UserPool

__all__ = ["Identified", "change", "changes", "create", "delete", "identify"]

# Whatever is remembered together with its pool follows this.
changes = Stamp()


def create(
    organization: Organization,
    *,
    name: str,
    description: str = "",
    given: Mapping[str, Any] | None = None,
    actor: Model | None = None,
    request: HttpRequest | None = None,
) -> UserPool:
    """A new pool; hosted where `given` (the members of `authorization`, as in the request) is None."""
    pool = UserPool(organization=organization, name=name, description=description, hosted=given is None)
    if given is None:
        pool.issuer = addresses.issuer_of_new(pool.pk)
    else:
        _trust(pool, Authorization().merged(given))
    with transaction.atomic():
        pool.save(force_insert=True)
        if pool.hosted:
            signing_keys.make_first(pool)
        record(
            Event.POOL_CREATED, actor=actor, subject=pool, request=request,
            organization=organization.pk, hosted=pool.hosted,
        )  # fmt: skip
    return pool


def change(
    pool: UserPool, *, given: Mapping[str, Any], actor: Model | None = None, request: HttpRequest | None = None
) -> UserPool:
    """The pool with the members of a PATCH. Here at once, in other processes within 10 seconds."""
    for _ in range(5):
        try:
            return _change(pool, given=given, actor=actor, request=request)
        except _ChangedMeanwhile:
            pool = UserPool.objects.get(pk=pool.pk)
    raise TooManyChanges


def delete(pool: UserPool, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    """Remove the pool with its users and keys. Raises PoolInUse while clients use it."""
    try:
        with transaction.atomic():
            record(Event.POOL_DELETED, actor=actor, subject=pool, request=request, organization=pool.organization_id)
            pool.delete()
            changes.changed(transaction.on_commit)
    except (ProtectedError, IntegrityError):
        # The second comes at the commit: a client was made since the database was asked for those there are.
        raise PoolInUse from None


class _ChangedMeanwhile(Exception):
    """The row is not what was checked any more."""


def _change(pool: UserPool, *, given: Mapping[str, Any], actor: Model | None, request: HttpRequest | None) -> UserPool:
    before = pool.updated_at
    fields = {name: given[name] for name in ("name", "description") if name in given}
    if "authorization" in given:
        if (given["authorization"] is None) is not pool.hosted:
            raise PoolKindFixed
        if not pool.hosted:
            _trust(pool, Authorization.of(pool).merged(given["authorization"]))
    for name, value in fields.items():
        setattr(pool, name, value)
    with transaction.atomic():
        # Two changes at once: what was checked must be what is stored, so the second starts again from the new row.
        held = UserPool.objects.select_for_update().filter(pk=pool.pk, updated_at=before).first()
        if held is None:
            raise _ChangedMeanwhile
        pool.save(force_update=True)
        record(
            Event.POOL_CHANGED, actor=actor, subject=pool, request=request,
            organization=pool.organization_id, fields=sorted(_named(given)),
        )  # fmt: skip
        changes.changed(transaction.on_commit)
    return pool


def _trust(pool: UserPool, wanted: Authorization) -> None:
    """Put what was checked into the pool. Looks at the keys where they would come from somewhere else than before."""
    authorization.check(wanted, fetcher=outbound.pools())
    before = Authorization.of(pool)
    if (wanted.jwks_uri, wanted.issuer, wanted.audiences) != (before.jwks_uri, before.issuer, before.audiences):
        with waiting.outside.place(f"organization:{pool.organization_id}"):
            pool.keys_unreachable = not pool_keys.reachable(wanted, organization_id=pool.organization_id)
    pool.jwks_uri, pool.issuer, pool.id_claim = wanted.jwks_uri, wanted.issuer, wanted.id_claim
    pool.audiences, pool.algorithms = list(wanted.audiences), list(wanted.algorithms)


def _named(given: Mapping[str, Any]) -> list[str]:
    inner = [f"authorization.{name}" for name in given.get("authorization") or ()]
    return [name for name in given if name != "authorization"] + inner
