"""Remembering for a few seconds that a token was verified: the same token usually comes again and again.

Kept under a digest of the token, never the token. Never for a sign-in's ID token, which is used once.
"""

import hashlib
from collections.abc import Callable

from fairlead.idtokens.verified import VerifiedToken
from fairlead.memory import Memory

_verified: Memory[bytes, VerifiedToken] = Memory(seconds=30, size=10_000)


def once(raw_token: str, *, namespace: str, now: float, verify: Callable[[], VerifiedToken]) -> VerifiedToken:
    """The token as remembered, else what `verify()` returns; what that raises is not remembered.

    `now` is a Unix time in seconds. The namespace (a pool, with the versions of its settings and keys) keeps a token of
    one place, or of one state of its rules, from counting in another.
    """
    digest = hashlib.sha256(f"{namespace}\0{raw_token}".encode("utf-8", "surrogatepass")).digest()
    token = _verified.get(digest, now=now)
    if token is None:
        # Read before verifying: what is forgotten meanwhile must not come back.
        stamp = _verified.stamp
        token = verify()
        _verified.put(digest, token, stamp=stamp, now=now, since=token.not_before or 0.0, until=token.expires_at)
    return token
