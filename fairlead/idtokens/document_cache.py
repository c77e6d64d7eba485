"""Keeping other people's documents (key sets, discovery) without waiting for them and without hammering them.

Fresh documents are served from one reference, without a lock. Stale ones are served while one refresh runs behind.
Nothing that a caller sends makes us fetch a URL more than once per cooldown, over all processes: the cooldown is
claimed in the store before the fetch, so that failures and stampedes cool down too. A document that was fetched and no
longer holds something has revoked it; a document that could not be fetched revokes nothing for 24 hours.

Django-free: store, clock and the runner of background work are passed in.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from fairlead.idtokens.documents import COOLDOWN, Loaded, Snapshot, Source, Store, Unavailable, fresh_seconds
from fairlead.idtokens.errors import FetchFailed, FetchRefused
from fairlead.idtokens.slots import Flight, Slot

T = TypeVar("T")
logger = logging.getLogger(__name__)

# Runs work behind the caller's back; False if it will not.
Runner = Callable[[Callable[[], None]], bool]

FIRST_WAIT = 6.0  # seconds that a caller waits where there is no document at all
WAIT = 1.0  # seconds that a caller waits for something newer than what there is
OVERDUE = 30.0  # seconds after which a stale document is no longer served without asking first
_MAX_SLOTS = 10_000
_ROUNDING = 0.001


class DocumentCache(Generic[T]):
    """Documents of one kind. `parse` turns JSON into a value, or raises FetchRefused.

    `ask_when_overdue` decides for documents that nobody asked for in a while: wait up to a second for the other side
    (keys, which may have been revoked) or serve the stale one at once (discovery).
    """

    def __init__(
        self,
        *,
        kind: str,
        parse: Callable[[Any], T],
        store: Store,
        run: Runner,
        ask_when_overdue: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._kind = kind
        self._parse = parse
        self._store = store
        self._run = run
        self._clock = clock
        self._ask_when_overdue = ask_when_overdue
        self._slots: dict[str, Slot[T]] = {}
        self._lock = threading.Lock()

    def get(self, source: Source) -> Loaded[T]:
        """The document. Raises Unavailable where there is none that may be used."""
        slot = self._slots.get(source.url)
        if slot is not None and slot.loaded is not None and self._clock() < slot.loaded.fresh_until:
            return slot.loaded
        return self._not_fresh(source, slot or self._slot(source.url))

    def peek(self, source: Source) -> Loaded[T] | None:
        """What this process holds, fresh or not. Asks nobody, not even the store."""
        slot = self._slots.get(source.url)
        return None if slot is None else slot.loaded

    def newer(self, source: Source, than: Loaded[T]) -> Loaded[T] | None:
        """A document newer than this one, if a refresh brings one within a second. None: not now, or nothing new.

        At most one refresh per cooldown, and a bounded number of callers wait for it; all others get None at once.
        """
        slot = self._slot(source.url)
        if slot.loaded is than and (flight := self._refresh(source, slot)):
            slot.wait(flight, at_most=WAIT, bounded=True)
        return None if slot.loaded is than else slot.loaded

    def refresh(self, source: Source) -> bool:
        """Fetch now, in this thread, if the cooldown allows. False: it does not. Raises Unavailable where it failed."""
        slot = self._slot(source.url)
        flight = slot.take_off(None)
        if flight is None:
            return False
        asked = self._fly(source, slot, flight, only_if_not_fresh=False)
        if asked and slot.failure is not None:
            raise slot.failure
        return asked

    def failing(self, source: Source) -> bool:
        """Whether the last attempt of this process failed."""
        return self._slot(source.url).failure is not None

    def _slot(self, url: str) -> Slot[T]:
        with self._lock:
            if url not in self._slots and len(self._slots) >= _MAX_SLOTS:
                del self._slots[next(iter(self._slots))]
            return self._slots.setdefault(url, Slot())

    def _not_fresh(self, source: Source, slot: Slot[T]) -> Loaded[T]:
        now = self._clock()
        loaded = slot.loaded
        if loaded is None or not loaded.usable_at(now):
            loaded = self._first(source, slot)
        if now < loaded.fresh_until:
            return loaded
        failed_before = slot.failure is not None
        flight = self._refresh(source, slot)
        # After a quiet time the document may have been revoked long ago: ask first, but briefly, and not somebody who
        # did not answer the last time.
        if flight and self._ask_when_overdue and now > loaded.fresh_until + OVERDUE and not failed_before:
            slot.wait(flight, at_most=WAIT, bounded=False)
        return slot.loaded or loaded

    def _first(self, source: Source, slot: Slot[T]) -> Loaded[T]:
        """The document where there was none: from the store, from the other side, or from whoever is asking there."""
        flight = slot.take_off(self._clock())
        if flight is not None:
            self._fly(source, slot, flight, only_if_not_fresh=True, wait_for_others=True)
        elif (running := slot.flight) is not None:
            slot.wait(running, at_most=FIRST_WAIT, bounded=False)
        loaded = slot.loaded
        if loaded is None or not loaded.usable_at(self._clock()):
            raise slot.failure or Unavailable("It is being fetched.", final=False, retry_after=1)
        return loaded

    def _refresh(self, source: Source, slot: Slot[T]) -> Flight | None:
        """Start a refresh behind the caller, or find the one under way; None if the cooldown allows none."""
        flight = slot.take_off(self._clock())
        if flight is None:
            return slot.flight
        taken_off = flight

        def work() -> None:
            self._fly(source, slot, taken_off, only_if_not_fresh=True)

        if not self._run(work):
            slot.land(flight)
            return None
        return flight

    def _fly(
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
            self._adopt(slot, self._store.load(self._kind, source.url))
            # Somebody else had a newer one. Whether that is stale too is the next caller's question.
            if only_if_not_fresh and slot.loaded is not had:
                return False
            if self._store.claim(self._kind, source.url, now=self._clock()):
                slot.not_before = self._clock() + COOLDOWN
                self._ask(source, slot)
                return True
            self._after_others(source, slot, wait=wait_for_others)
            return False
        finally:
            slot.land(flight)

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
            slot.loaded, slot.failure = kept, None

    def _ask(self, source: Source, slot: Slot[T]) -> None:
        try:
            if not self._store.spend(source.budgets(), now=self._clock()):
                raise FetchFailed("Too many fetches from this host or organization; wait a minute.")
            fetched = source.fetch(source.url)
            document = fetched.json()
            value = self._parse(document)
        except (FetchFailed, FetchRefused) as error:
            now, final = self._clock(), isinstance(error, FetchRefused)
            slot.failure = Unavailable(error.detail, final=final, retry_after=slot.not_before - now)
            self._store.fail(self._kind, source.url, error=error.detail, final=final, at=now)
            shown = source.url.partition("?")[0]
            served = f"; those of {now - slot.loaded.fetched_at:.0f} s ago serve on" if slot.loaded else ""
            logger.warning("%s not fetched: %s%s", self._kind, error.detail, served, extra={"url": shown})
            return
        now = self._clock()
        fresh_until = now + fresh_seconds(fetched.headers)
        slot.loaded, slot.failure = Loaded(value=value, fetched_at=now, fresh_until=fresh_until), None
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
            slot.failure = Unavailable(snapshot.error, final=snapshot.error_is_final, retry_after=wait_for)
