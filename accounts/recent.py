"""Access tokens seen lately in this process, with whom they belong to, so that a repeat costs no query.

The lifetime is the delay with which another process notices an ended session: see SECONDS. Time claims are compared at
every hit by the caller. Bounded: when full, the older half goes.
"""

import threading
from collections.abc import Hashable
from typing import Any

SECONDS = 15
_LIMIT = 10_000
_lock = threading.Lock()
_entries: dict[Hashable, tuple[float, Any]] = {}


def get(key: Hashable, *, now: float) -> Any:
    """The value put under the key less than SECONDS ago, else None."""
    entry = _entries.get(key)
    if entry is None or not 0 <= now - entry[0] < SECONDS:
        return None
    return entry[1]


def put(key: Hashable, value: Any, *, read_at: float) -> None:
    """`read_at` is when the database was asked, not when the answer is put here."""
    with _lock:
        if len(_entries) >= _LIMIT:
            for old in list(_entries)[: _LIMIT // 2]:
                del _entries[old]
        _entries[key] = (read_at, value)


def forget() -> None:
    """Drop everything: something about a person or a session changed in this process."""
    with _lock:
        _entries.clear()
