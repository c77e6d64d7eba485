"""Refused calls of app users, API keys and access tokens: counted in process, written every few seconds.

A token door writes nothing in order to say no, or whoever holds no token could make it write. So each refusal counts in
this process; a thread of its own writes the counts by day, organization, pool, client and code, and one sample of each
organization, client, code and hour as a Refusal. The first of each in a round leaves a log line. What a process counted
since its last round is lost if it is killed, and only then.
"""

import atexit
import logging
import os
import threading
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpRequest
from django.utils import timezone

from fairlead import batches, named_settings, request_id
from fairlead.audit import bounded, refusals
from fairlead.audit.calls_of_day import AcceptedCalls, add
from fairlead.audit.models import CallsOfDay, Refusal
from fairlead.causes import Cause, of
from fairlead.conf import conf
from fairlead.refusal import Refused, Whose

SECONDS_BETWEEN_ROUNDS = 10.0
MOST = 2_000  # counters of one round; further ones count without organization, pool and client
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Key:
    day: date
    organization: object = None
    pool: object = None
    client: object = None
    code: str


@dataclass(frozen=True, kw_only=True)
class _Sample:
    """The first of a round, and how many there were."""

    at: datetime
    cause: Cause
    whose: Whose
    door: str
    request_id: str
    count: int = 1


class _Round:
    """What was counted since the last one was written."""

    def __init__(self, *, in_background: bool) -> None:
        self._in_background = in_background
        self._lock = threading.Lock()
        self._counted: dict[_Key, _Sample] = {}
        self.accepted = AcceptedCalls()
        self._timer: threading.Timer | None = None

    def add(self, key: _Key, sample: _Sample) -> bool:
        """Whether it is the first of its kind."""
        with self._lock:
            if key not in self._counted and len(self._counted) >= MOST:
                key, sample = _Key(day=key.day, code=key.code), replace(sample, whose=Whose())
            known = self._counted.get(key)
            self._counted[key] = replace(known, count=known.count + sample.count) if known else sample
            self._begin()
            return known is None

    def begin(self) -> None:
        """See to it that there will be a round."""
        if self._timer is None:
            with self._lock:
                self._begin()

    def _begin(self) -> None:
        """The lock is held."""
        if self._timer is None and self._in_background:
            self._timer = threading.Timer(SECONDS_BETWEEN_ROUNDS, self.write)
            self._timer.daemon = True
            self._timer.start()

    def write(self) -> None:
        with self._lock:
            counted, self._counted, self._timer = self._counted, {}, None
        try:
            self.accepted.write()
            for key in list(counted):
                _write(key, counted[key])
                del counted[key]
        except (DatabaseError, InterfaceError) as fault:
            told = {"fault": type(fault).__name__, "counters": len(counted)}
            log.warning("refused calls could not be written; the next round tries again", extra=told)
            for key, sample in counted.items():
                self.add(key, sample)
        finally:
            if self._in_background:
                connections.close_all()


_round = _Round(in_background=True)


def count(refused: Refused, *, request: HttpRequest, whose: Whose) -> None:
    """Count one refused call. Writes nothing itself."""
    cause, now = named_settings.noted(of(refused)), timezone.now()
    key = _Key(day=now.date(), organization=whose.organization, pool=whose.pool, client=whose.client, code=cause.code)
    sample = _Sample(at=now, cause=cause, whose=whose, door=refusals.door(request), request_id=request_id.of(request))
    if _round.add(key, sample):
        told = {
            "organization": whose.organization, "pool": whose.pool, "client": whose.client, "key": whose.key_prefix,
        }  # fmt: skip
        named = {name: str(value) for name, value in told.items() if value}
        log.warning("refused", extra={"code": cause.code, "cause": str(cause), "door": sample.door, **named})


def accept(*, organization: UUID, pool: UUID, client: UUID | None) -> None:
    """Count one accepted call of an app user, for the hot path: `calls_of_day` writes it, under the code `ok`."""
    _round.accepted.count(organization, pool, client)
    _round.begin()


def flush() -> None:
    """Write what was counted, now."""
    _round.write()


def start_again(*, in_background: bool = True) -> None:
    """In a new process, and in a test: nothing is counted yet."""
    global _round  # noqa: PLW0603 - one per process
    _round = _Round(in_background=in_background)


def forget_expired(now: datetime) -> int:
    """Delete counts older than REFUSAL_DAYS. Returns how many."""
    oldest = (now - timedelta(days=conf().refusal_days)).date()
    return batches.delete(CallsOfDay.objects.filter(day__lt=oldest))


def _write(key: _Key, sample: _Sample) -> None:
    add(
        day=key.day, organization=key.organization, pool=key.pool, client=key.client, code=key.code, count=sample.count
    )  # fmt: skip
    whose = sample.whose
    sampled = Refusal(
        id=sample.request_id,
        at=sample.at,
        last_at=sample.at,
        count=sample.count,
        code=sample.cause.code,
        cause=sample.cause.id,
        facts=refusals.short(sample.cause.facts),
        door=sample.door,
        request_id=sample.request_id,
        organization=whose.organization,
        pool=whose.pool,
        client=whose.client,
        key_prefix=whose.key_prefix,
        source=f"call {key.organization} {key.client}",
    )
    kept = bounded.write(sampled, most=1)
    refusals.write_line(sampled, kept._replace(stands_for=sample.count))


os.register_at_fork(after_in_child=start_again)
atexit.register(flush)
