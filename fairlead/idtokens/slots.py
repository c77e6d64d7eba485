"""All that one process knows about one URL, and the rule that one attempt at a time is under way (single flight).

No network, no store: `attempts` says what an attempt does, `document_cache` when there is one.
"""

import threading
import time
from typing import Generic, TypeVar

from fairlead.idtokens.documents import Loaded, OverBudget, Unavailable

T = TypeVar("T")

MAX_WAITERS = 8  # callers that wait for something newer, per URL
FAILURES = 3  # in a row, after which only whoever asks waits for the answer
_MAX_REFUSED = 100
_ROUNDING = 0.001  # seconds


class Flight:
    """One attempt to have a better document."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.landed = threading.Event()


class Slot(Generic[T]):
    """`loaded` is replaced as one reference and never changed, so readers need no lock.

    `not_before` is when this process may try again; `failure` is why the last attempt brought nothing, if so.
    `over_budget` says of organizations that they may not ask, and until when that need not be looked up again.
    """

    def __init__(self) -> None:
        self.loaded: Loaded[T] | None = None
        self.failure: Unavailable | None = None
        self.flight: Flight | None = None
        self.not_before = 0.0
        self._over_budget: dict[str | None, tuple[OverBudget, float]] = {}
        self._failures, self._failed_at = 0, 0.0
        self._waiters = 0
        self._lock = threading.Lock()

    def take_off(self, now: float | None) -> Flight | None:
        """Begin an attempt; None while one is under way, or before its time. With None for now, it is always time."""
        with self._lock:
            if self.flight is not None or (now is not None and now < self.not_before):
                return None
            self.flight = Flight()
            return self.flight

    @property
    def hopeless(self) -> bool:
        """Whether so many attempts failed in a row that nobody waits for another's (half open)."""
        return self._failures >= FAILURES

    def succeeded(self, loaded: Loaded[T]) -> None:
        self.loaded, self.failure, self._failures = loaded, None, 0

    def failed(self, failure: Unavailable, *, at: float) -> None:
        """An attempt failed at this time, ours or another process's. The last good document stays."""
        if at > self._failed_at + _ROUNDING:
            self._failures, self._failed_at = self._failures + 1, at
        self.failure = failure

    def over_budget(self, group: str | None, now: float) -> OverBudget | None:
        refused, until = self._over_budget.get(group, (None, 0.0))
        return refused if now < until else None

    def refuse(self, group: str | None, refused: OverBudget, *, until: float) -> None:
        """For this organization alone: what others may ask is theirs."""
        with self._lock:
            if len(self._over_budget) >= _MAX_REFUSED:
                self._over_budget.clear()
            self._over_budget[group] = (refused, until)

    def land(self, flight: Flight) -> None:
        """End the attempt and release who waits for it."""
        with self._lock:
            self.flight = None
        flight.landed.set()

    def wait(self, flight: Flight, *, at_most: float, bounded: bool) -> None:
        """Wait for this attempt until so many seconds after it began; not at all where too many wait already."""
        with self._lock:
            if bounded and self._waiters >= MAX_WAITERS:
                return
            self._waiters += 1
        try:
            flight.landed.wait(max(0.0, flight.began + at_most - time.monotonic()))
        finally:
            with self._lock:
                self._waiters -= 1
