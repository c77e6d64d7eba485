"""Checking the claims of a token against a policy, once its form is known to be right.

Sources: OpenID Connect Core 3.1.3.7 (login), RFC 7519 4.1, RFC 8725 3. Absent is never the same as right. Nothing here
looks at a signature: `verify` calls this first, because it is cheap, and believes nothing until the signature is good.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from fairlead.idtokens.errors import RefusalCode, TokenRefused
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.signatures import digest_name
from fairlead.idtokens.trace import StepName

# Takes a refusal and a remedy: raises the refusal, or notes it in a Trace and goes on.
Refuse = Callable[[StepName, TokenRefused, str | None], None]

MAX_SUBJECT = 255
_OWN_STEPS = frozenset({"iss", "aud", "exp", "iat"})
# Where no leeway is given, as for our own tokens: several machines of ours issue and check them, and their clocks may
# differ by this (docs/operations.md has an alert beyond it). It makes no token live longer: `exp` stays exact.
_OUR_CLOCKS = 10.0
_FURTHEST = 2.0**53  # beyond it numbers stop being exact
_MILLISECONDS = 10**12  # September 2001 in milliseconds; in seconds, the year 33658


def check_issuer(claims: dict[str, Any], policy: Policy, refuse: Refuse) -> None:
    """`iss`, equal as a string: no trailing slash, no case, no pattern is forgiven."""
    if policy.issuer is None:
        return
    issuer = claims.get("iss")
    if issuer is None:
        refuse(StepName.ISSUER, _missing("iss"), f"The token must come from {policy.issuer} and say so.")
    elif issuer != policy.issuer:
        refusal = TokenRefused(
            RefusalCode.WRONG_ISSUER,
            f"The token's iss is not exactly {policy.issuer}, to the last slash. Send a token of that issuer, or "
            "correct the issuer that is configured for it.",
        )
        refuse(StepName.ISSUER, refusal, f"The token says {_shown(issuer)}; configure the exact issuer.")


def check_audience(claims: dict[str, Any], policy: Policy, refuse: Refuse) -> None:
    """`aud` and `azp` (OpenID Connect Core 3.1.3.7, steps 3 to 5)."""
    if policy.audiences is None:
        return
    audience = claims.get("aud")
    members = [audience] if isinstance(audience, str) else audience
    if isinstance(members, list) and all(isinstance(member, str) for member in members):
        if policy.audiences.isdisjoint(members):
            refusal = TokenRefused(
                RefusalCode.WRONG_AUDIENCE,
                "The token's aud does not name this application. Send the token that was made for it, or correct "
                "the audience that is configured.",
            )
        elif _party_fits(claims, members, policy):
            return
        else:
            detail = "The token was issued to another application (azp). Send the one that was issued to yours."
            refusal = TokenRefused(RefusalCode.WRONG_AUDIENCE, detail)
    elif audience is None:
        refusal = _missing("aud")
    else:
        refusal = _malformed("The token's aud is neither text nor a list of texts.")
    expected = ", ".join(sorted(policy.audiences))
    refuse(StepName.AUDIENCE, refusal, f"The token says {_shown(audience)}; expected is {expected}.")


def _party_fits(claims: dict[str, Any], members: list[str], policy: Policy) -> bool:
    party = claims.get("azp")
    if policy.client is None:
        # A pool: a token for several audiences may name the party that it was issued to, which must then be ours.
        return (
            len(members) == 1 or "azp" not in claims or (isinstance(party, str) and party in (policy.audiences or ()))
        )
    if "azp" in claims:
        return isinstance(party, str) and party in policy.parties
    return all(member in policy.parties for member in members)


def check_times(claims: dict[str, Any], policy: Policy, now: float, refuse: Refuse) -> None:
    """`exp` (required), `nbf` and `iat`: finite numbers, and now between them, give or take the leeway."""
    for name in ("exp", "iat"):
        if name not in claims and name in policy.required:
            refuse(StepName.TIMES, _missing(name), f"Have the issuer set {name}.")
    for name in ("exp", "nbf", "iat"):
        if name in claims:
            _check_time(name, claims[name], policy.leeway, now, refuse)
    if policy.max_lifetime is not None:
        _check_lifetime(claims, policy.max_lifetime, now, refuse)


def _check_time(name: str, value: Any, leeway: float, now: float, refuse: Refuse) -> None:
    # A bool is an int to Python, and true is no time: so the exact types.
    if type(value) not in (int, float) or abs(value) > _FURTHEST:
        detail = f"The token's {name} is not a Unix time. Have the issuer write it as a JSON number, in seconds."
        refuse(StepName.TIMES, _malformed(detail), f"{name} must be a JSON number.")
    elif value >= _MILLISECONDS:
        # Believed as seconds, such a token would live for fifty thousand years.
        detail = f"The token's {name} is in milliseconds. Have the issuer write it in seconds (RFC 7519 2)."
        code = RefusalCode.MALFORMED if name == "exp" else RefusalCode.NOT_YET_VALID
        refuse(StepName.TIMES, TokenRefused(code, detail), f"Divide {name} by 1000.")
    elif name == "exp":
        if now >= int(value) + leeway:
            detail = f"The token expired {now - value:.0f} seconds ago. Get a fresh one."
            remedy = "Get a fresh token; if it is fresh, compare the clocks."
            refuse(StepName.TIMES, TokenRefused(RefusalCode.EXPIRED, detail), remedy)
    elif value > now + (max(leeway, _OUR_CLOCKS) if name == "iat" else leeway):
        refusal = TokenRefused(
            RefusalCode.NOT_YET_VALID,
            f"The token's {name} is {value - now:.0f} seconds ahead. Compare the issuer's clock with the right time.",
        )
        refuse(StepName.TIMES, refusal, "Compare the issuer's clock and ours.")


def _check_lifetime(claims: dict[str, Any], limit: float, now: float, refuse: Refuse) -> None:
    expires_at, issued_at = claims.get("exp"), claims.get("iat", now)
    if isinstance(expires_at, int | float) and isinstance(issued_at, int | float) and expires_at - issued_at > limit:
        refusal = TokenRefused(
            RefusalCode.EXPIRED, f"The token lives longer than {limit:.0f} seconds. Have the issuer shorten it."
        )
        refuse(StepName.TIMES, refusal, "Have the issuer shorten the life of its tokens.")


def check_others(claims: dict[str, Any], policy: Policy, algorithm: str, refuse: Refuse) -> None:
    """Required claims, `sub`, `jti`, `nonce` and `at_hash`."""
    missing = sorted(name for name in policy.required if claims.get(name) is None and name not in _OWN_STEPS)
    if missing:
        refuse(StepName.CLAIMS, _missing(*missing), f"Have the issuer add {', '.join(missing)}.")
    if "sub" in policy.required and "sub" in claims and not _is_subject(claims["sub"]):
        detail = f"The token's sub is not text of 1 to {MAX_SUBJECT} characters."
        refuse(StepName.CLAIMS, _malformed(detail), None)
    if "jti" in claims and not isinstance(claims["jti"], str):
        refuse(StepName.CLAIMS, _malformed("The token's jti is not text."), None)
    if policy.nonce is not None and not _equal(claims.get("nonce"), policy.nonce):
        refusal = TokenRefused(RefusalCode.WRONG_NONCE, "The token was not issued for this sign-in (nonce).")
        refuse(StepName.CLAIMS, refusal, "Start the sign-in again.")
    if "at_hash" in claims and not _belongs_to(policy.access_token, claims["at_hash"], algorithm):
        detail = "The ID token does not belong to the access token (at_hash)."
        refuse(StepName.CLAIMS, TokenRefused(RefusalCode.WRONG_ACCESS_TOKEN_HASH, detail), None)


def _is_subject(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_SUBJECT and value.isprintable() and bool(value.strip())


def _equal(claimed: object, expected: str) -> bool:
    return isinstance(claimed, str) and hmac.compare_digest(claimed.encode(), expected.encode())


def _belongs_to(access_token: str | None, at_hash: object, algorithm: str) -> bool:
    if access_token is None:
        return True
    digest = hashlib.new(digest_name(algorithm), access_token.encode()).digest()
    return _equal(at_hash, base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode())


def _missing(*names: str) -> TokenRefused:
    detail = f"The token has no {', '.join(names)}. Have the issuer add it, or do not ask for it in what is configured."
    return TokenRefused(RefusalCode.MISSING_CLAIM, detail, facts={"missing": ",".join(names)})


def _malformed(detail: str) -> TokenRefused:
    return TokenRefused(RefusalCode.MALFORMED, detail)


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)[:200]
