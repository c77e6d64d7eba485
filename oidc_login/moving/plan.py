"""What an import of identities would do, row by row, and doing it.

A plan is made without writing anything. `apply` makes it again inside one transaction, so that what is written is what
holds then; a second run finds everything there and changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from fairlead.audit.events import Event, record
from fairlead.people import id_of
from oidc_login.models import ExpectedIdentity, Identity
from oidc_login.providers import ProviderConfig

_LONGEST_SUBJECT = 255


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of where the import comes from: what becomes of it, or (`reason`) why nothing does."""

    source: str
    user: Any
    provider: ProviderConfig | None = None
    subject: str = ""
    address: str = ""
    reason: str = ""
    there: bool = False
    """It was moved before."""

    @property
    def moves(self) -> bool:
        return not self.reason and not self.there


def apply(make: Callable[[], list[Row]]) -> list[Row]:
    """Carry out the plan that `make` gives now, in one transaction, and return it."""
    with transaction.atomic():
        rows = make()
        for row in rows:
            if row.moves:
                _write(row)
    return rows


def for_subject(*, source: str, user: Any, provider: ProviderConfig, subject: str) -> Row:
    """A row that becomes an identity: the subject is known."""

    def refuse(reason: str) -> Row:
        return Row(source=source, user=user, provider=provider, subject=subject, reason=reason)

    if not subject.strip() or len(subject) > _LONGEST_SUBJECT or not subject.isprintable():
        return refuse("its id is no subject: empty, longer than 255 characters, or with control characters")
    ours = Identity.objects.filter(organization=None, issuer=provider.issuer)
    known = ours.filter(subject=subject).first()
    if known is not None and known.user_id != user.pk:
        return refuse(f"this subject is linked to another account here ({id_of(known.user)})")
    if known is None and ours.filter(user=user, client_id__in=("", provider.client_id)).exists():
        return refuse("the account is linked to another subject of this issuer")
    return Row(source=source, user=user, provider=provider, subject=subject, there=known is not None)


def one_each(rows: list[Row]) -> list[Row]:
    """The rows, of which only the first of an account and issuer moves: each account has one subject there."""
    first: dict[tuple[object, str], Row] = {}
    for row in rows:
        if row.moves:
            first.setdefault(_at(row), row)
    second = "the account is linked to another subject of this issuer by a row before"
    return [row if not row.moves or first[_at(row)] is row else replace(row, reason=second) for row in rows]


def _at(row: Row) -> tuple[object, str]:
    return row.user.pk, row.provider.issuer if row.provider else ""


def for_address(*, source: str, user: Any, provider: ProviderConfig, address: str) -> Row:
    """A row that becomes an expected identity: only the address is known."""
    expected = ExpectedIdentity.objects.filter(issuer=provider.issuer, address=address).first()
    if expected is not None and expected.user_id != user.pk:
        reason = f"another account is expected with this address already ({id_of(expected.user)})"
        return Row(source=source, user=user, provider=provider, address=address, reason=reason)
    linked = Identity.objects.filter(organization=None, issuer=provider.issuer, user=user).exists()
    waiting = expected is not None and (expected.used_at is not None or timezone.now() < expected.expires_at)
    return Row(source=source, user=user, provider=provider, address=address, there=linked or waiting)


def _write(row: Row) -> None:
    assert row.provider is not None  # noqa: S101 - narrows the type; only rows with a reason have none
    if row.subject:
        Identity.objects.create(
            user=row.user,
            issuer=row.provider.issuer,
            subject=row.subject,
            client_id=row.provider.client_id,
            provider=row.provider.id,
        )
        record(Event.IDENTITY_LINKED, subject=row.user, issuer=row.provider.issuer, by="import")
    else:
        # A row that expired unused is expected anew.
        ExpectedIdentity.objects.filter(issuer=row.provider.issuer, address=row.address).delete()
        ExpectedIdentity.objects.create(user=row.user, issuer=row.provider.issuer, address=row.address)
        record(Event.IDENTITY_EXPECTED, subject=row.user, issuer=row.provider.issuer, by="import")
