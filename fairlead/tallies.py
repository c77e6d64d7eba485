"""Counts that cost a hot path next to nothing: no lock, no call of the system; read now and then. No Django here."""

import itertools
import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Tallies(Generic[K]):
    """One for each key, from any thread. How many keys there may be is the caller's to bound."""

    def __init__(self) -> None:
        # `next` of such a counter is one step of the interpreter: two threads at once are counted as two.
        self._next: dict[K, Callable[[], int]] = {}
        self._begun: dict[K, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._next)

    def count(self, key: K) -> None:
        (self._next.get(key) or self._begin(key))()

    def taken(self) -> dict[K, int]:
        """What was counted since this was last asked; nothing is told twice."""
        with self._lock:
            found: dict[K, int] = {}
            for key, advance in list(self._next.items()):
                # To read it is to count one, which the next round leaves out.
                now = advance()
                if now > self._begun[key]:
                    found[key] = now - self._begun[key]
                self._begun[key] = now + 1
            return found

    def _begin(self, key: K) -> Callable[[], int]:
        with self._lock:
            self._begun.setdefault(key, 0)
            return self._next.setdefault(key, itertools.count().__next__)
