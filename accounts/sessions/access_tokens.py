"""Our own access tokens: JWTs with HS256, made and read by nobody else.

The key is derived from SECRET_KEY, so that it is worth nothing elsewhere; SECRET_KEY_FALLBACKS verify too. Reading is
strict because writing is ours: the header must be, byte for byte, the one that we write, so there is no algorithm or
key to choose; no leeway, since it is our own clock (RFC 8725 3.1, RFC 9068 for `typ`).
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from django.utils.translation import gettext_noop

from accounts.errors import TokenRefused
from fairlead.conf import conf

LIFETIME = 15 * 60
_ALGORITHM = "HS256"
_TYPE = {"typ": "at+jwt"}
_MAX_LENGTH = 2048
_HEADER = jwt.encode({}, bytes(32), algorithm=_ALGORITHM, headers=_TYPE).partition(".")[0]
# The one base64url spelling of 32 bytes: PyJWT takes padding, and any value of the two bits that the last letter has
# too many. One token would have several spellings.
_SPELLING = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")


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
    return jwt.encode(claims, key(settings.SECRET_KEY, "access token"), algorithm=_ALGORITHM, headers=_TYPE)


def is_ours(raw_token: str) -> bool:
    """Whether the text claims to be one of ours. Says nothing about whether it is."""
    return raw_token.startswith(f"{_HEADER}.")


def read(raw_token: str, *, now: float) -> AccessToken:
    """Verify header, signature, issuer, audience and expiry. Raises TokenRefused."""
    if len(raw_token) > _MAX_LENGTH or not is_ours(raw_token) or not _SPELLING.fullmatch(raw_token):
        raise TokenRefused("malformed", gettext_noop("The access token is damaged. Send it as it was issued."))
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _said(_verified(raw_token, key(secret, "access token")), now=now)
        except jwt.InvalidSignatureError:
            continue
    raise TokenRefused(
        "bad_signature", gettext_noop("The access token was not issued here or was changed. Sign in again.")
    )


def _verified(raw_token: str, signing_key: bytes) -> dict[str, Any]:
    """Raises jwt.InvalidSignatureError for another key's, TokenRefused for what else is wrong."""
    try:
        return jwt.decode(
            raw_token,
            signing_key,
            algorithms=[_ALGORITHM],
            issuer=conf().origin,
            audience=conf().origin,
            leeway=0,
            options={
                "verify_signature": True,
                "verify_iss": True,
                "verify_aud": True,
                "strict_aud": True,
                "verify_iat": False,
                "verify_nbf": False,
                # Compared in `_said`, with the caller's clock.
                "verify_exp": False,
                "verify_sub": True,
                "verify_jti": True,
                "require": ["iss", "aud", "sub", "sid", "iat", "exp", "jti"],
            },
        )
    except jwt.InvalidSignatureError:
        raise
    except jwt.InvalidIssuerError:
        raise TokenRefused(
            "wrong_issuer", gettext_noop("The access token is from another address of this service. Sign in again.")
        ) from None
    except jwt.InvalidAudienceError:
        raise TokenRefused(
            "wrong_audience", gettext_noop("The access token is for another service. Sign in again.")
        ) from None
    except jwt.InvalidTokenError:
        raise _lacks_a_claim() from None


def _said(claims: dict[str, Any], *, now: float) -> AccessToken:
    try:
        token = AccessToken(UUID(claims["sub"]), UUID(claims["sid"]), int(claims["exp"]))
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise _lacks_a_claim() from None
    if now >= token.expires_at:
        raise TokenRefused(
            "expired", gettext_noop("The access token has expired. Use the refresh token to get a new one.")
        )
    return token


def _lacks_a_claim() -> TokenRefused:
    return TokenRefused("missing_claim", gettext_noop("The access token lacks a claim. Sign in again."))


@lru_cache(maxsize=16)
def key(secret: str, purpose: str) -> bytes:
    """A key for one purpose, derived from the secret: HMAC-SHA256 as a pseudo-random function (RFC 5869 2.2)."""
    return hmac.digest(secret.encode(), f"fairlead {purpose} v1".encode(), hashlib.sha256)
