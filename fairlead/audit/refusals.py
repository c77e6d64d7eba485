"""Refused sign-ins, links, exchanges and administrators' doors: `refused` puts them on record, in the log, and tells.

The record is bounded (`bounded`). It is written in a transaction of its own. Where the request has one open
(ATOMIC_REQUESTS), that is once the request ended, however it ended. A database that is away costs the row, never the
answer. No secrets among a cause's facts.
"""

import logging
import threading
import uuid
from collections.abc import Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any

from django.core.signals import request_finished
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Model
from django.http import HttpRequest

from fairlead import batches, client, named_settings, request_id, signals
from fairlead.audit import addresses, bounded, lines
from fairlead.audit.bounded import Kept
from fairlead.audit.models import Refusal
from fairlead.causes import Cause, of
from fairlead.conf import conf
from fairlead.refusal import Refused

_LONGEST_FACT = 200  # characters
_MOST_WAITING = 50  # rows of one request
_SHORT_OF_SOMETHING = "unavailable"  # the service's own trouble: nobody in particular was refused
_WORTH_A_LINE = frozenset(10**power for power in range(10))
_waiting = threading.local()
log = logging.getLogger(__name__)


def refused(
    why: Cause,
    *,
    request: HttpRequest | None,
    person: Any = None,
    address: str = "",
    provider: str = "",
    organization: uuid.UUID | None = None,
) -> str:
    """Put a refusal on record. Returns the error id: the id of the row that holds or counts it.

    `person` is the account it is about (or its id), `address` what was typed or said. Told twice of one request and
    code, the first counts: it stood closer to the fault.
    """
    why, told = named_settings.noted(why), _told(request)
    if why.code in told:
        return told[why.code]
    row = Refusal(
        id=request_id.of(request) if request is not None and not told else uuid.uuid4().hex,
        code=why.code,
        cause=why.id,
        facts=short(why.facts),
        door=door(request),
        request_id=request_id.of(request),
        person_id=str(person.pk) if isinstance(person, Model) else str(person or ""),
        address_hmac=addresses.digest(address),
        provider=provider,
        organization=organization,
        source=client.network(request) if request is not None else "",
    )
    row.wider = client.wider(row.source) if row.source else ""
    kept = _keep(row, later=request is not None)
    told[why.code] = kept.id
    log.warning("refused", extra={"refusal": kept.id, "code": why.code, "cause": str(why), "door": row.door})
    if kept.stands_for in _WORTH_A_LINE:
        write_line(row, kept)
    signals.tell(signals.refused, sender=Refusal, cause=why, request=request)
    return kept.id


def refused_by(error: Refused, *, request: HttpRequest | None, **about: Any) -> str:
    """The same for an exception, by its cause, with the person, address and provider that it names itself."""
    if not error.on_record or error.code == _SHORT_OF_SOMETHING:
        return request_id.of(request)
    about = {name: value for name, value in about.items() if value}
    named = {name: value for name in ("person", "address", "provider") if (value := getattr(error, name, None))}
    return refused(of(error), request=request, **{**named, **about})


def _keep(row: Refusal, *, later: bool) -> Kept:
    """`later`: inside somebody's transaction it waits until the request ended."""
    try:
        if not later or not connection.in_atomic_block:
            return bounded.write(row, most=bounded.MOST)
        with transaction.atomic():
            counting = bounded.place(row, most=bounded.MOST).counting
    except (DatabaseError, InterfaceError):
        return Kept(row.pk)
    if len(waiting := _list()) < _MOST_WAITING:
        waiting.append(row)
    return Kept(row.pk) if counting is None else Kept(counting.pk, counting.count + 1)


def write_line(row: Refusal, kept: Kept) -> None:
    lines.write(
        "refusal", id=kept.id, at=row.at, code=row.code, cause=row.cause, facts=row.facts, count=kept.stands_for,
        door=row.door, person=row.person_id, provider=row.provider, organization=row.organization, pool=row.pool,
        client=row.client, keyPrefix=row.key_prefix, source=row.source, requestId=row.request_id,
    )  # fmt: skip


def forget_expired(now: datetime) -> int:
    """Delete refusals older than REFUSAL_DAYS. Returns how many."""
    return batches.delete(Refusal.objects.filter(at__lt=now - timedelta(days=conf().refusal_days)))


def write_waiting(**_: Any) -> None:
    """What was refused inside a transaction of the request, which is over."""
    waiting, _waiting.rows = _list(), []
    for row in waiting:
        try:
            bounded.write(row, most=bounded.MOST)
        except (DatabaseError, InterfaceError):
            log.warning("a refusal was not put on record", extra={"refusal": row.pk, "code": row.code})
    if waiting and not connection.in_atomic_block:
        # Django has closed what the request used, and would find this one only after the next request.
        connection.close_if_unusable_or_obsolete()


request_finished.connect(write_waiting, dispatch_uid="fairlead.audit.refusals")


def _told(request: HttpRequest | None) -> MutableMapping[str, str]:
    known: Any = request
    if known is None:
        return {}
    if not hasattr(known, "_fairlead_refused"):
        known._fairlead_refused = {}
    found: MutableMapping[str, str] = known._fairlead_refused
    return found


def _list() -> list[Refusal]:
    found: list[Refusal] = getattr(_waiting, "rows", None) or []
    _waiting.rows = found
    return found


def door(request: HttpRequest | None) -> str:
    match = getattr(request, "resolver_match", None)
    return (match.view_name or "")[:80] if match else ""


def short(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[:_LONGEST_FACT] if isinstance(value, str) else value for name, value in facts.items()}
