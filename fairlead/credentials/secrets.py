"""Opaque secrets: minted once, shown once, kept as digests.

A secret is `prefix_` + 43 base64url characters (32 random bytes) + 6 characters of checksum. The prefix lets secret
scanners and people recognise it; the checksum lets a mistyped or invented one be refused without a database look-up.
SHA-256 without salt or stretching is right here: 256 random bits cannot be guessed, and the digest is the look-up key.
"""

import base64
import hashlib
import secrets
import zlib
from dataclasses import dataclass

_RANDOM_BYTES = 32
_BODY = 43
_CHECKSUM = 6


@dataclass(frozen=True, kw_only=True)
class Minted:
    """A new secret. `plaintext` is for its owner alone and never printed by accident."""

    plaintext: str
    digest: str
    hint: str

    def __repr__(self) -> str:
        return f"Minted({self.hint}...)"

    __str__ = __repr__


def mint(prefix: str) -> Minted:
    """A secret of 256 random bits: `flk` gives `flk_...`. `hint` is its recognisable start, safe to show."""
    body = base64.urlsafe_b64encode(secrets.token_bytes(_RANDOM_BYTES)).rstrip(b"=").decode()
    return of_body(prefix, body)


def of_body(prefix: str, body: str) -> Minted:
    """The secret with this body of 43 base64url characters, for secrets that are derived instead of drawn."""
    plaintext = f"{prefix}_{body}{_checksum(f'{prefix}_{body}')}"
    return Minted(plaintext=plaintext, digest=digest(plaintext), hint=plaintext[: len(prefix) + 7])


def digest(plaintext: str) -> str:
    """SHA-256 as 64 hexadecimal characters. Takes any text: what is no secret of ours simply matches nothing."""
    return hashlib.sha256(plaintext.encode("utf-8", "surrogatepass")).hexdigest()


def well_formed(prefix: str, plaintext: str) -> bool:
    """Whether this could be a secret of ours: prefix, length and checksum. Says nothing about whether it is valid."""
    if len(plaintext) != len(prefix) + 1 + _BODY + _CHECKSUM or not plaintext.isascii():
        return False
    return plaintext.startswith(f"{prefix}_") and plaintext[-_CHECKSUM:] == _checksum(plaintext[:-_CHECKSUM])


def _checksum(text: str) -> str:
    raw = zlib.crc32(text.encode()).to_bytes(4, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
