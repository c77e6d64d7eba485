"""Logout tokens: an issuer's word that a session, or every session of a subject, has ended at its side.

Source: OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6. The token is verified like any other, under a policy of
its own; what makes it a logout token and nothing else is checked here. Tokens are told apart by their `events`, not by
`typ`: Keycloak up to 25 and Auth0 send `JWT`. The threat: an ID token that ends its holder's sessions, and a logout
token that opens one.

Not checked here: whether this `jti` was seen before. That belongs into the transaction that ends the sessions.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from fairlead.idtokens.compact import Compact
from fairlead.idtokens.errors import RefusalCode, TokenRefused
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import Keys
from fairlead.idtokens.verify import verify as verify_token

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES: frozenset[str | None] = frozenset({None, "jwt", "logout+jwt"})
MAX_AGE = 600.0  # seconds since `iat`; an issuer tries once, at once
MAX_IDENTIFIER = 255  # characters of sub, sid and jti


@dataclass(frozen=True, kw_only=True)
class LogoutToken:
    """A verified logout token. One of `subject` and `sid` is there, or both. `issued_at` is a Unix time in seconds."""

    issuer: str
    subject: str | None
    sid: str | None
    jti: str
    issued_at: float


def policy(*, issuer: str, client_id: str, algorithms: Collection[str], other_clients: Collection[str] = ()) -> Policy:
    """The rules that hold before those of this module. `other_clients` are our own further client ids."""
    ours = frozenset({client_id, *other_clients})
    return Policy(
        algorithms=frozenset(algorithms),
        issuer=issuer,
        audiences=ours,
        client=client_id,
        parties=ours,
        types=TYPES,
        events=True,
        required=frozenset({"iss", "aud", "exp", "iat", "jti"}),
    )


def verify(raw_token: str | Compact, *, policy: Policy, keys: Keys, now: float) -> LogoutToken:
    """The logout token, believed. `now` is a Unix time in seconds.

    Raises TokenRefused, or KeysUnavailable where the fault is the issuer's.
    """
    claims = verify_token(raw_token, policy=policy, keys=keys, now=now).claims
    _check_kind(claims)
    if now - claims["iat"] > MAX_AGE:
        _refuse(RefusalCode.EXPIRED, f"The logout token was issued more than {MAX_AGE:.0f} seconds ago.")
    # Null is not the same as absent: an issuer that means no session leaves the claim out.
    subject, sid = (_identifier(claims, name) if name in claims else None for name in ("sub", "sid"))
    if subject is None and sid is None:
        _refuse(RefusalCode.MISSING_CLAIM, "The logout token has neither sub nor sid.")
    jti = _identifier(claims, "jti")
    return LogoutToken(issuer=claims["iss"], subject=subject, sid=sid, jti=jti, issued_at=claims["iat"])


def _check_kind(claims: Mapping[str, Any]) -> None:
    # Also as null: the standard forbids the member, so that no reader takes the token for an ID token.
    if "nonce" in claims:
        _refuse(RefusalCode.WRONG_TYPE, "A logout token must not have a nonce.")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        _refuse(RefusalCode.WRONG_TYPE, f"The token's events is not an object with the member {EVENT}, an object.")


def _identifier(claims: Mapping[str, Any], name: str) -> str:
    value = claims[name]
    if not (isinstance(value, str) and len(value) <= MAX_IDENTIFIER and value.isprintable() and value.strip()):
        _refuse(RefusalCode.MALFORMED, f"The token's {name} is not text of 1 to {MAX_IDENTIFIER} characters.")
    return value


def _refuse(code: RefusalCode, detail: str) -> NoReturn:
    raise TokenRefused(code, detail)
