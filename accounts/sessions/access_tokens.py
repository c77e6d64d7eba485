"""Our own access tokens: JWTs with HS256, made and read by nobody else.

The key is derived from SECRET_KEY, so that it is worth nothing elsewhere; SECRET_KEY_FALLBACKS verify too. Reading is
strict because writing is ours: the header must be, byte for byte, the one that we write, so there is no algorithm or
key to choose; no leeway, since it is our own clock (RFC 8725 3.1, RFC 9068 for `typ`).
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from accounts.errors import TokenRefused
from fairlead.conf import conf

LIFETIME = 15 * 60
_HEADER = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"at+jwt"}').rstrip(b"=").decode()
_PREFIX = f"{_HEADER}."
_MAX_LENGTH = 2048


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a verified access token says. Whether the session is still open, it does not say."""

    user_id: UUID
    session_id: UUID
    expires_at: int


def make(*, user_id: UUID, session_id: UUID, now: datetime) -> str:
    issued_at = int(now.timestamp())
    claims = {
        "iss": conf().origin,
        "aud": conf().origin,
        "sub": str(user_id),
        "sid": str(session_id),
        "iat": issued_at,
        "exp": issued_at + LIFETIME,
        "jti": secrets.token_hex(12),
    }
    payload = base64.urlsafe_b64encode(json.dumps(claims, separators=(",", ":")).encode()).rstrip(b"=").decode()
    return f"{_PREFIX}{payload}.{_signature(f'{_PREFIX}{payload}', settings.SECRET_KEY)}"


def is_ours(raw_token: str) -> bool:
    """Whether the text claims to be one of ours. Says nothing about whether it is."""
    return raw_token.startswith(_PREFIX)


def read(raw_token: str, *, now: float) -> AccessToken:
    """Verify signature, issuer, audience and expiry. Raises TokenRefused."""
    signed, _, signature = raw_token.rpartition(".")
    if len(raw_token) > _MAX_LENGTH or signed.count(".") != 1 or not raw_token.isascii():
        raise TokenRefused("malformed", "The access token is damaged. Send it as it was issued.")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # Text is compared, not decoded bytes: there is exactly one spelling of a signature.
    if not any(hmac.compare_digest(_signature(signed, key), signature) for key in keys):
        raise TokenRefused("bad_signature", "The access token was not issued here or was changed. Sign in again.")
    return _claims(signed[len(_PREFIX) :], now=now)


def _claims(payload: str, *, now: float) -> AccessToken:
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        token = AccessToken(UUID(claims["sub"]), UUID(claims["sid"]), int(claims["exp"]))
        issuer, audience = claims["iss"], claims["aud"]
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise TokenRefused("missing_claim", "The access token lacks a claim. Sign in again.") from None
    if issuer != conf().origin:
        raise TokenRefused("wrong_issuer", "The access token is from another address of this service. Sign in again.")
    if audience != conf().origin:
        raise TokenRefused("wrong_audience", "The access token is for another service. Sign in again.")
    if now >= token.expires_at:
        raise TokenRefused("expired", "The access token has expired. Use the refresh token to get a new one.")
    return token


def _signature(signed: str, secret: str) -> str:
    digest = hmac.digest(key(secret, "access token"), signed.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@lru_cache(maxsize=16)
def key(secret: str, purpose: str) -> bytes:
    """A key for one purpose, derived from the secret: HMAC-SHA256 as a pseudo-random function (RFC 5869 2.2)."""
    return hmac.digest(secret.encode(), f"fairlead {purpose} v1".encode(), hashlib.sha256)
