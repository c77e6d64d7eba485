"""Bounded, short-lived memory of what was looked up, one per process.

Its lifetime is the documented delay of a revocation in other processes; a change made in this process is seen at once,
through stamps. It refuses to hold what was not found: an attacker who invents keys would otherwise decide what it
forgets.
"""

import threading
import time
import weakref
from collections.abc import Hashable
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import transaction

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_all: "weakref.WeakSet[Lookups[Any, Any]]" = weakref.WeakSet()


def forget_everything() -> None:
    """Every memory of this process, for tests and benchmarks: what a new process would know."""
    for each in list(_all):
        each.changes.bump()


class Stamp:
    """Counts the changes of one kind of row in this process."""

    __slots__ = ("_lock", "value")

    def __init__(self) -> None:
        self.value = 0
        self._lock = threading.Lock()

    def bump(self) -> None:
        with self._lock:
            self.value += 1

    def changed(self) -> None:
        """Call where a row changes: bumps now and after commit. Between the two others may still load the old row."""
        self.bump()
        transaction.on_commit(self.bump)


class _Entry(NamedTuple):
    value: Any
    stamp: int
    loaded_at: float


class Lookups(Generic[K, V]):
    """`seconds` is how long an entry lives, `size` how many are kept. Values are shared: nobody changes them.

    `follows` are the stamps of further rows that an entry depends on.
    """

    def __init__(self, *, seconds: float, size: int, follows: tuple[Stamp, ...] = ()) -> None:
        self._seconds = seconds
        self._size = size
        self._entries: dict[K, _Entry] = {}
        self._lock = threading.Lock()
        self.changes = Stamp()
        self._stamps = (self.changes, *follows)
        _all.add(self)

    @property
    def stamp(self) -> int:
        """Read it before loading what is `put`."""
        return sum([each.value for each in self._stamps])

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        if entry is None or entry.stamp != self.stamp:
            return None
        # A clock that was set back must not keep an entry alive, so it is compared on both sides.
        if not 0 <= time.time() - entry.loaded_at < self._seconds:
            return None
        value: V = entry.value
        return value

    def put(self, key: K, value: V, *, stamp: int) -> None:
        """Keep `value`, which was loaded after `stamp` was read. If anything changed since, it is never given out."""
        with self._lock:
            self._entries.pop(key, None)
            while len(self._entries) >= self._size:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = _Entry(value, stamp, time.time())
