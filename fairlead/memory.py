"""The one process cache: bounded, short-lived memory of what was looked up or checked. No Django here.

Its lifetime is the documented delay of a revocation in other processes; a change made in this process is seen at once,
through stamps. It refuses to hold what was not found: an attacker who invents keys would otherwise decide what it
forgets.
"""

import math
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from typing import Any, Generic, NamedTuple, TypeVar, overload

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_all: "weakref.WeakSet[Memory[Any, Any]]" = weakref.WeakSet()
# Seconds by which `now` of one request may lie before that of another which filled the entry.
_SKEW = 1.0


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

    def changed(self, after_commit: Callable[[Callable[[], None]], object]) -> None:
        """Call where a row changes, with `transaction.on_commit`: bumps now and after commit. Between the two others
        may still load the old row."""
        self.bump()
        after_commit(self.bump)


class _Entry(NamedTuple):
    value: Any
    stamp: int
    since: float
    until: float


class Memory(Generic[K, V]):
    """`seconds` is how long an entry lives, `size` how many are kept. Values are shared: nobody changes them.

    `follows` are the stamps of further rows that an entry depends on. `now`, where it is taken, is a Unix time in
    seconds; left out, it is the clock's.
    """

    def __init__(self, *, seconds: float, size: int, follows: tuple[Stamp, ...] = ()) -> None:
        self._seconds = seconds
        self._size = size
        self._entries: dict[K, _Entry] = {}
        self._lock = threading.Lock()
        self.changes = Stamp()
        self._stamps = (self.changes, *follows)
        _all.add(self)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def stamp(self) -> int:
        """Read it before loading what is `put`."""
        return sum([each.value for each in self._stamps])

    def get(self, key: K, *, now: float | None = None) -> V | None:
        entry = self._entries.get(key)
        if entry is None or entry.stamp != self.stamp:
            return None
        # A clock that was set back must not keep an entry alive, so it is compared on both sides.
        if not entry.since <= (time.time() if now is None else now) < entry.until:
            return None
        value: V = entry.value
        return value

    def put(
        self, key: K, value: V, *, stamp: int, now: float | None = None, since: float = 0.0, until: float = math.inf
    ) -> None:
        """Keep `value`, which was loaded after `stamp` was read and is as it was at `now`. If anything changed since,
        it is never given out. `since` and `until` (Unix times) are the value's own limits, where it has any."""
        now = time.time() if now is None else now
        since, until = max(since, now - _SKEW), min(until, now + self._seconds)
        if now >= until:
            return
        with self._lock:
            self._entries.pop(key, None)
            while len(self._entries) >= self._size:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = _Entry(value, stamp, since, until)

    @overload
    def look_up(self, key: K, load: Callable[[], V]) -> V: ...

    @overload
    def look_up(self, key: K, load: Callable[[], V | None]) -> V | None: ...

    def look_up(self, key: K, load: Callable[[], V | None]) -> V | None:
        """What is kept under `key`, else what `load` finds, which is then kept. None is not kept."""
        found = self.get(key)
        if found is None:
            stamp = self.stamp
            found = load()
            if found is not None:
                self.put(key, found, stamp=stamp)
        return found
