"""Keeping other people's documents (key sets, discovery) without waiting for them and without hammering them.

Fresh documents are served from one reference, without a lock. Stale ones are served while one refresh runs behind.
Nothing that a caller sends makes us fetch a URL more than once per cooldown, over all processes: the cooldown is
claimed in the store before the fetch, so that failures and stampedes cool down too. A document that was fetched and no
longer holds something has revoked it; a document that could not be fetched revokes nothing for 24 hours, nor does one
that is of no use after one that was (`Source.require_as_good`).

Django-free: store, clock and the runner of background work are passed in. What one attempt does is `attempts`; here
is who waits for one, how long, and what is served meanwhile.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar

from fairlead.idtokens import waiting
from fairlead.idtokens.attempts import Attempts
from fairlead.idtokens.documents import FIRST_WAIT, Crowded, Loaded, Source, Store, Unavailable
from fairlead.idtokens.slots import Flight, Slot

T = TypeVar("T")

# Runs work behind the caller's back, in somebody's share; False if it will not.
Runner = Callable[[Callable[[], None], str | None], bool]

WAIT = 1.0  # seconds that a caller waits for something newer than what there is
OVERDUE = 30.0  # seconds after which a stale document is no longer served without asking first
_MAX_SLOTS = 10_000


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
        self._attempts = Attempts(kind=kind, parse=parse, store=store, clock=clock)
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
            _wait(source, slot, flight, at_most=WAIT)
        return None if slot.loaded is than else slot.loaded

    def refresh(self, source: Source) -> bool:
        """Fetch now, in this thread, if the cooldown allows. False: it does not. Raises Unavailable where it failed."""
        slot = self._slot(source.url)
        flight = slot.take_off(None)
        if flight is None:
            return False
        asked = self._attempts.make(source, slot, flight, only_if_not_fresh=False)
        if asked and slot.failure is not None:
            raise slot.failure
        if slot.loaded is None and (over_budget := slot.over_budget(source.group, self._clock())):
            raise over_budget
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
            _wait(source, slot, flight, at_most=WAIT)
        return slot.loaded or loaded

    def _first(self, source: Source, slot: Slot[T]) -> Loaded[T]:
        """The document where there was none: from the store, from the other side, or from whoever is asking there."""
        hopeless = slot.hopeless
        flight = self._begin(source, slot, wait_for_others=not hopeless)
        if flight is None and not hopeless:
            flight = slot.flight
        if flight is not None:
            _wait_for_first(source, slot, flight)
        loaded, now = slot.loaded, self._clock()
        if loaded is None or not loaded.usable_at(now):
            over_budget = slot.over_budget(source.group, now)
            raise (
                over_budget
                or slot.failure
                or Unavailable("It is being fetched; ask again in a second.", final=False, retry_after=1)
            )
        return loaded

    def _refresh(self, source: Source, slot: Slot[T]) -> Flight | None:
        """Start a refresh behind the caller, or find the one under way; None if the cooldown allows none."""
        return self._begin(source, slot, wait_for_others=False) or slot.flight

    def _begin(self, source: Source, slot: Slot[T], *, wait_for_others: bool) -> Flight | None:
        """Begin an attempt behind the caller, if it is time for one and somebody there to make it."""
        now = self._clock()
        flight = None if slot.over_budget(source.group, now) else slot.take_off(now)
        if flight is None:
            return None
        taken_off = flight

        def work() -> None:
            self._attempts.make(source, slot, taken_off, only_if_not_fresh=True, wait_for_others=wait_for_others)

        if not self._run(work, source.group):
            slot.land(flight)
            return None
        return flight


def _wait(source: Source, slot: Slot[T], flight: Flight, *, at_most: float) -> None:
    """Wait for this attempt, if there is a place for one more who waits; else go on with what there is."""
    if flight.landed.is_set() or slot.hopeless:
        return
    # Whoever came with a place was counted before anything of theirs was used up.
    bounded = not waiting.outside.held
    with suppress(waiting.Busy), waiting.outside.place(*_names(source)):
        slot.wait(flight, at_most=at_most, bounded=bounded)


def _wait_for_first(source: Source, slot: Slot[T], flight: Flight) -> None:
    """Wait in the organization's share; beyond that only through the attempt's first second. Raises Unavailable.

    Most issuers answer within that second. Since a URL is asked once per cooldown, its waiters hold little.
    """
    if flight.landed.is_set():
        return
    try:
        try:
            with waiting.outside.place(*_names(source)):
                slot.wait(flight, at_most=FIRST_WAIT, bounded=False)
        except waiting.Busy:
            with waiting.outside.brief():
                slot.wait(flight, at_most=WAIT, bounded=False)
    except waiting.Busy as busy:
        raise Crowded(busy.detail, final=False, retry_after=busy.retry_after or 1) from None


def _names(source: Source) -> list[str]:
    return [f"organization:{source.group}"] if source.group else []
