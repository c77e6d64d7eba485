"""Refused sign-ins, links, exchanges and administrators' doors: `refused` puts them on record, in the log, and tells.

The record is bounded: whoever is refused a thousand times leaves twenty rows an hour, the last of which counts. It is
written in a transaction of its own. Where the request has one open (ATOMIC_REQUESTS), that is once the request ended,
however it ended. A database that is away costs the row, never the answer. No secrets among a cause's facts.
"""

import logging
import threading
import uuid
from collections.abc import Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any

from django.core.signals import request_finished
from django.db import DatabaseError, IntegrityError, InterfaceError, connection, transaction
from django.db.models import F, Model
from django.http import HttpRequest

from fairlead import batches, client, request_id, signals
from fairlead.audit import addresses, lines
from fairlead.audit.models import Refusal
from fairlead.causes import Cause, of
from fairlead.conf import conf
from fairlead.refusal import Refused
from fairlead.transactions import durable

MOST = 20  # rows of one client network, code and hour
_LONGEST_FACT = 200  # characters
_MOST_WAITING = 50  # rows of one request
_SHORT_OF_SOMETHING = "unavailable"  # the service's own trouble: nobody in particular was refused
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
    told = _told(request)
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
    kept = told[why.code] = _keep(row, later=request is not None)
    log.warning("refused", extra={"refusal": kept, "code": why.code, "cause": str(why), "door": row.door})
    write_line(row, kept)
    signals.tell(signals.refused, sender=Refusal, cause=why, request=request)
    return kept


def refused_by(error: Refused, *, request: HttpRequest | None, **about: Any) -> str:
    """The same for an exception, by its cause, with the person, address and provider that it names itself."""
    if not error.on_record or error.code == _SHORT_OF_SOMETHING:
        return request_id.of(request)
    about = {name: value for name, value in about.items() if value}
    named = {name: value for name in ("person", "address", "provider") if (value := getattr(error, name, None))}
    return refused(of(error), request=request, **{**named, **about})


def _keep(row: Refusal, *, later: bool) -> str:
    """Returns the id of the row that holds it or counts it. `later`: inside somebody's transaction it waits until the
    request ended."""
    row.hour = _hour(row)
    try:
        if not later or not connection.in_atomic_block:
            return write(row, most=MOST)
        with transaction.atomic():
            last = _last(row)
    except (DatabaseError, InterfaceError):
        return row.pk
    if len(waiting := _list()) < _MOST_WAITING:
        waiting.append(row)
    return last.pk if last and last.nth >= MOST else row.pk


def write_line(row: Refusal, kept: str) -> None:
    """`kept` is the id of the row that holds or counts it."""
    lines.write(
        "refusal", id=kept, at=row.at, code=row.code, cause=row.cause, facts=row.facts, count=row.count, door=row.door,
        person=row.person_id, provider=row.provider, organization=row.organization, pool=row.pool, client=row.client,
        keyPrefix=row.key_prefix, source=row.source, requestId=row.request_id,
    )  # fmt: skip


def forget_expired(now: datetime) -> int:
    """Delete refusals older than REFUSAL_DAYS. Returns how many."""
    return batches.delete(Refusal.objects.filter(at__lt=now - timedelta(days=conf().refusal_days)))


def write_waiting(**_: Any) -> None:
    """What was refused inside a transaction of the request, which is over."""
    waiting, _waiting.rows = _list(), []
    for row in waiting:
        try:
            write(row, most=MOST)
        except (DatabaseError, InterfaceError):
            log.warning("a refusal was not put on record", extra={"refusal": row.pk, "code": row.code})
    if waiting and not connection.in_atomic_block:
        # Django has closed what the request used, and would find this one only after the next request.
        connection.close_if_unusable_or_obsolete()


request_finished.connect(write_waiting, dispatch_uid="fairlead.audit.refusals")


def write(row: Refusal, *, most: int) -> str:
    """At once: the row, or its count on the last one. Returns the id. Raises DatabaseError and InterfaceError."""
    row.hour = _hour(row)
    for _ in range(most + 1):
        last = _last(row)
        if last is not None and last.nth >= most:
            Refusal.objects.filter(pk=last.pk).update(count=F("count") + row.count, last_at=row.at)
            return last.pk
        row.nth = last.nth + 1 if last else 1
        try:
            with durable():
                row.save(force_insert=True)
        except IntegrityError:
            # Somebody else was the nth, or a proxy gave two requests one id.
            if Refusal.objects.filter(pk=row.pk).exists():
                row.pk = uuid.uuid4().hex
        else:
            return row.pk
    return row.pk


def _last(row: Refusal) -> Refusal | None:
    return Refusal.objects.filter(source=row.source, code=row.code, hour=row.hour).order_by("-nth").first()


def _hour(row: Refusal) -> datetime:
    return row.at.replace(minute=0, second=0, microsecond=0)


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
