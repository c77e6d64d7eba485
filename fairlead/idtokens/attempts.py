"""One attempt to have a better document than the one at hand: from the store, else from the other side.

The cooldown of the URL is claimed in the store before anybody is asked. Who waits for an attempt, and what is served
meanwhile, is `document_cache`.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from fairlead import metrics
from fairlead.idtokens.budgets import of
from fairlead.idtokens.documents import (
    COOLDOWN,
    FIRST_WAIT,
    Loaded,
    OverBudget,
    Snapshot,
    Source,
    Store,
    Unavailable,
    fresh_seconds,
)
from fairlead.idtokens.errors import FetchFailed, FetchRefused
from fairlead.idtokens.slots import Flight, Slot

T = TypeVar("T")
logger = logging.getLogger(__name__)

_ROUNDING = 0.001  # seconds
_PURPOSE = {"metadata": "discovery"}
_ASK_NOT_AGAIN = 1.0  # seconds for which a used-up budget is believed without a look at the database


class Attempts(Generic[T]):
    """Attempts for documents of one kind. `parse` turns JSON into a value, or raises FetchRefused."""

    def __init__(self, *, kind: str, parse: Callable[[Any], T], store: Store, clock: Callable[[], float]) -> None:
        self._kind = kind
        self._parse = parse
        self._store = store
        self._clock = clock

    def make(
        self,
        source: Source,
        slot: Slot[T],
        flight: Flight,
        *,
        only_if_not_fresh: bool,
        wait_for_others: bool = False,
    ) -> bool:
        """One attempt to have a better document than the one in the slot. Returns whether the other side was asked."""
        try:
            had = slot.loaded
            snapshot = self._store.load(self._kind, source.url)
            self._adopt(slot, snapshot)
            # Somebody else had a newer one. Whether that is stale too is the next caller's question.
            if only_if_not_fresh and slot.loaded is not had:
                return False
            known = slot.loaded is not None or (snapshot is not None and snapshot.document is not None)
            taken = self._take(source, slot, known=known)
            if taken:
                slot.not_before = self._clock() + COOLDOWN
                self._ask(source, slot)
            elif taken is not None:
                self._after_others(source, slot, wait=wait_for_others)
            return bool(taken)
        finally:
            slot.land(flight)

    def _take(self, source: Source, slot: Slot[T], *, known: bool) -> bool | None:
        """Take the cooldown and pay; False where others have it, None where there is nothing to pay with.

        Who cannot pay must not hold the URL's cooldown: it may be the URL of others, who can.
        """
        now = self._clock()
        budgets = of(source.url, group=source.group, known=known)
        used_up = self._store.used_up(budgets, now=now)
        if used_up is None:
            if not self._store.claim(self._kind, source.url, now=now):
                return False
            used_up = self._store.spend(budgets, now=now)
            if used_up is None:
                return True
            self._store.release(self._kind, source.url, claimed_at=now)
        refused = OverBudget(own=used_up.own, retry_after=60 - now % 60)
        slot.refuse(source.group, refused, until=now + _ASK_NOT_AGAIN)
        return None

    def _adopt(self, slot: Slot[T], snapshot: Snapshot | None) -> None:
        if snapshot is None or snapshot.document is None:
            return
        # Databases round times, so what we stored ourselves may come back as a hair newer.
        if slot.loaded is not None and snapshot.fetched_at <= slot.loaded.fetched_at + _ROUNDING:
            return
        try:
            value = self._parse(snapshot.document)
        except FetchRefused:
            return
        kept = Loaded(value=value, fetched_at=snapshot.fetched_at, fresh_until=snapshot.fresh_until)
        if kept.usable_at(self._clock()):
            slot.succeeded(kept)

    def _ask(self, source: Source, slot: Slot[T]) -> None:
        try:
            with metrics.outbound.timed(_PURPOSE.get(self._kind, self._kind)):
                fetched = source.fetch(source.url)
            document = fetched.json()
            value = self._parse(document)
            if slot.loaded is not None and slot.loaded.usable_at(self._clock()):
                source.require_as_good(value, slot.loaded.value)
        except (FetchFailed, FetchRefused) as error:
            now, final = self._clock(), isinstance(error, FetchRefused)
            failure = Unavailable(error.detail, final=final, retry_after=slot.not_before - now).because(error)
            slot.failed(failure, at=now)
            self._store.fail(self._kind, source.url, error=error.detail, final=final, at=now)
            shown = source.url.partition("?")[0]
            served = f"; those of {now - slot.loaded.fetched_at:.0f} s ago serve on" if slot.loaded else ""
            logger.warning("%s not fetched: %s%s", self._kind, error.detail, served, extra={"url": shown})
            return
        now = self._clock()
        fresh_until = now + fresh_seconds(fetched.headers)
        slot.succeeded(Loaded(value=value, fetched_at=now, fresh_until=fresh_until))
        self._store.keep(self._kind, source.url, document=document, fetched_at=now, fresh_until=fresh_until)

    def _after_others(self, source: Source, slot: Slot[T], *, wait: bool) -> None:
        """The cooldown is taken. Another process may be fetching right now: then its answer is ours too."""
        ends = time.monotonic() + FIRST_WAIT
        snapshot = self._store.load(self._kind, source.url)
        while wait and (snapshot is None or snapshot.being_fetched) and time.monotonic() < ends:
            time.sleep(0.05)
            snapshot = self._store.load(self._kind, source.url)
        self._adopt(slot, snapshot)
        now = self._clock()
        if snapshot is None:
            return
        slot.not_before = min(snapshot.next_fetch_at, now + COOLDOWN)
        if snapshot.error and snapshot.error_at > snapshot.fetched_at:
            wait_for = snapshot.next_fetch_at - now
            failure = Unavailable(snapshot.error, final=snapshot.error_is_final, retry_after=wait_for)
            slot.failed(failure, at=snapshot.error_at)
