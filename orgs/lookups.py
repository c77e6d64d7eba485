"""Bounded, short-lived memory of what was looked up, one per process.

Its lifetime is the documented delay of a revocation in other processes; a change made in this process is seen at once.
It refuses to hold refusals: an attacker who invents keys would otherwise decide what it forgets.
"""

import threading
import time
import weakref
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import transaction

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Entry(Generic[V]):
    value: V
    loaded_at: float


_all: "weakref.WeakSet[Lookups[Any, Any]]" = weakref.WeakSet()


def forget_everything() -> None:
    """Every memory of this process, for tests and benchmarks: what a new process would know."""
    for each in list(_all):
        each.forget()


class Lookups(Generic[K, V]):
    """`seconds` is how long an entry lives, `size` how many are kept. Values are shared: nobody changes them."""

    def __init__(self, *, seconds: float, size: int) -> None:
        self._seconds = seconds
        self._size = size
        self._entries: dict[K, _Entry[V]] = {}
        self._lock = threading.Lock()
        self.stamp = 0
        _all.add(self)

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        # A clock that was set back must not keep an entry alive, so it is compared on both sides.
        if entry is None or not 0 <= time.time() - entry.loaded_at < self._seconds:
            return None
        return entry.value

    def put(self, key: K, value: V, *, stamp: int) -> None:
        """Keep `value`, unless something changed since `stamp` was read, which the caller does before it loads."""
        with self._lock:
            if stamp != self.stamp:
                return
            self._entries.pop(key, None)
            while len(self._entries) >= self._size:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = _Entry(value=value, loaded_at=time.time())

    def forget(self) -> None:
        with self._lock:
            self.stamp += 1
            self._entries = {}

    def changed(self) -> None:
        """Forget now and again after commit: between the two another thread may still load the old row."""
        self.forget()
        transaction.on_commit(self.forget)
