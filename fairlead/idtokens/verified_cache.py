"""Remembering for a few seconds that a token was verified: the same token usually comes again and again.

Per process and bounded. Never for a login's ID token, which is used once. An entry holds the digest of the token, never
the token. What was verified under other rules or keys is another entry: put their version stamps into the namespace,
or `drop` the namespace.
"""

import hashlib
import threading
from collections.abc import Callable
from typing import NamedTuple

from fairlead.idtokens.verified import VerifiedToken


class _Entry(NamedTuple):
    token: VerifiedToken
    from_time: float
    until: float
    generation: int


class VerifiedCache:
    """At most `max_entries` tokens, each for at most `max_age` seconds and never beyond its own expiry."""

    def __init__(self, *, max_entries: int = 10_000, max_age: float = 30.0) -> None:
        self._max_entries = max_entries
        self._max_age = max_age
        self._entries: dict[bytes, _Entry] = {}
        self._generations: dict[str, int] = {}
        self._lock = threading.Lock()

    def verified(
        self, raw_token: str, *, namespace: str, now: float, verify: Callable[[], VerifiedToken]
    ) -> VerifiedToken:
        """The token as remembered, else what `verify()` returns; what that raises is not remembered.

        `now` is a Unix time in seconds. The namespace (a pool, with the versions of its settings and keys) keeps a
        token of one place from counting in another.
        """
        at = hashlib.sha256(f"{namespace}\0{raw_token}".encode("utf-8", "surrogatepass")).digest()
        # Read before verifying: what is dropped meanwhile must not come back through a verification under old rules.
        generation = self._generations.get(namespace, 0)
        entry = self._entries.get(at)
        if entry is not None and entry.from_time <= now < entry.until and entry.generation == generation:
            return entry.token
        token = verify()
        until = min(token.expires_at, now + self._max_age)
        from_time = max(now - 1.0, token.not_before or 0.0)
        if now < until:
            self._keep(at, _Entry(token, from_time, until, generation))
        return token

    def drop(self, namespace: str) -> None:
        """Forget everything in this namespace, also what is being verified at this moment."""
        with self._lock:
            self._generations[namespace] = self._generations.get(namespace, 0) + 1

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def _keep(self, at: bytes, entry: _Entry) -> None:
        with self._lock:
            self._entries.pop(at, None)
            while len(self._entries) >= self._max_entries:
                del self._entries[next(iter(self._entries))]
            self._entries[at] = entry
