"""All that one process knows about one URL, and the rule that one attempt at a time is under way (single flight).

No network, no store: `document_cache` decides what an attempt does.
"""

import threading
import time
from typing import Generic, TypeVar

from fairlead.idtokens.documents import Loaded, Unavailable

T = TypeVar("T")

MAX_WAITERS = 8  # callers that wait for something newer, per URL


class Flight:
    """One attempt to have a better document."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.landed = threading.Event()


class Slot(Generic[T]):
    """`loaded` is replaced as one reference and never changed, so readers need no lock.

    `not_before` is when this process may try again; `failure` is why the last attempt brought nothing, if so.
    """

    def __init__(self) -> None:
        self.loaded: Loaded[T] | None = None
        self.failure: Unavailable | None = None
        self.flight: Flight | None = None
        self.not_before = 0.0
        self._waiters = 0
        self._lock = threading.Lock()

    def take_off(self, now: float | None) -> Flight | None:
        """Begin an attempt; None while one is under way, or before its time. With None for now, it is always time."""
        with self._lock:
            if self.flight is not None or (now is not None and now < self.not_before):
                return None
            self.flight = Flight()
            return self.flight

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
