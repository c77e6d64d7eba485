"""Deciding whether a token is to be believed. The only source of `VerifiedToken`.

    verify(raw_token, policy=..., keys=..., now=...) -> VerifiedToken, or TokenRefused, or KeysUnavailable

Cheap checks come first: form, type, algorithm, issuer, audience, times. Only a token that passes them causes a key to
be looked up, because that may mean a call to the issuer. Nothing of the token chooses the rules: see `policy`.
Not checked here: whether the subject is known, blocked or revoked; whether a nonce was used before.
"""

# Why this is not PyJWT's `jwt.decode`:
# - It wants the key before it looks at a claim. Here a forged or expired token causes no key look-up, which may be a
#   call to the issuer that whoever sends such tokens could set off.
# - It stops at the first fault. "Explain this token" reports every step, and must be this code, not a copy of it.
# - It knows no `azp`, nonce, at_hash, `events`, type (`typ`) or longest lifetime, and takes true and "1700000000" for
#   times and a member that stands there twice.
# - Its clock is the machine's. Here one moment, an argument, decides for the whole request.
# The cryptography is no work of ours: pyca/cryptography, PyJWT's own basis, checks every signature (`signatures`).
# tests/idtokens/test_oracle.py pins the two together: what PyJWT refuses under the same options is refused here.

from typing import NoReturn, Protocol

from fairlead.idtokens import claims as rules
from fairlead.idtokens import compact, explain
from fairlead.idtokens.compact import Compact
from fairlead.idtokens.errors import KeysUnavailable, RefusalCode, TokenRefused
from fairlead.idtokens.jwk import Key
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.trace import StepName, Trace
from fairlead.idtokens.verified import SEAL, VerifiedToken


class Keys(Protocol):
    """Where keys come from: a `KeySet`, or a cached one that may fetch."""

    def find(self, algorithm: str, kid: str | None) -> Key:
        """The one key that fits. Raises TokenRefused(unknown_key) or KeysUnavailable."""

    def refresh_after_failure(self, algorithm: str, kid: str | None, failed: Key) -> Key | None:
        """Another key under the same kid, if the issuer has replaced it; None if there is none."""

    def describe(self) -> str:
        """Where the keys come from, for a Trace."""


def verify(
    raw_token: str | Compact, *, policy: Policy, keys: Keys, now: float, trace: Trace | None = None
) -> VerifiedToken:
    """The token, believed. `now` is a Unix time in seconds.

    Takes the raw text, or what `compact.parse` made of it. Raises TokenRefused with the code of the first fault, or
    KeysUnavailable where the fault is the issuer's. With a `trace`, every step is reported there before raising.
    """
    refuse = _raise if trace is None else trace.failed
    token = _parsed(raw_token, policy, trace)
    algorithm = token.header.algorithm
    _check_header(token, policy, refuse)
    claims = token.unverified_claims
    rules.check_issuer(claims, policy, refuse)
    rules.check_audience(claims, policy, refuse)
    rules.check_times(claims, policy, now, refuse)
    rules.check_others(claims, policy, algorithm, refuse)
    if trace is not None:
        return _conclude(token, policy, keys, now, trace)
    _check_signature(token, keys)
    return _believed(token)


def _parsed(raw_token: str | Compact, policy: Policy, trace: Trace | None) -> Compact:
    if isinstance(raw_token, Compact):
        return raw_token
    try:
        return compact.parse(raw_token, max_size=policy.max_size)
    except TokenRefused as refusal:
        if trace is not None:
            trace.failed(StepName.FORMAT, refusal, "Send the ID token exactly as the issuer returned it.")
            trace.skipped([name for name in StepName if name is not StepName.FORMAT], "The token cannot be read.")
        raise


def _check_header(token: Compact, policy: Policy, refuse: rules.Refuse) -> None:
    header = token.header
    if header.typ not in policy.types:
        refusal = TokenRefused(
            RefusalCode.WRONG_TYPE, f"A token of type {str(header.typ)[:50]!r} is not accepted here. Send the ID token."
        )
        refuse(StepName.TYPE, refusal, "Send the ID token; access tokens and logout tokens are something else.")
    elif "events" in token.unverified_claims and not policy.events:
        # Many providers give logout tokens the typ of ID tokens, and the same keys, issuer, audience and sub.
        refusal = TokenRefused(
            RefusalCode.WRONG_TYPE, "The token tells of an event (events), as a logout token does. Send the ID token."
        )
        refuse(StepName.TYPE, refusal, "Send the ID token; access tokens and logout tokens are something else.")
    if header.algorithm not in policy.algorithms:
        allowed = ", ".join(sorted(policy.algorithms))
        detail = (
            f"The token's algorithm {header.algorithm[:50]!r} is not accepted here; accepted are: {allowed}. "
            "Have the issuer sign with one of them."
        )
        refuse(StepName.ALGORITHM, TokenRefused(RefusalCode.ALGORITHM_NOT_ALLOWED, detail), "Have it signed with one.")


def _check_signature(token: Compact, keys: Keys) -> Key:
    header, signed, signature = token.header, token.signing_input, token.signature
    key = keys.find(header.algorithm, header.kid)
    if key.verifies(header.algorithm, signing_input=signed, signature=signature):
        return key
    # Some issuers put a new key under the old kid.
    other = keys.refresh_after_failure(header.algorithm, header.kid, key)
    if other is not None and other.verifies(header.algorithm, signing_input=signed, signature=signature):
        return other
    raise TokenRefused(
        RefusalCode.BAD_SIGNATURE,
        "The signature is not one of the issuer's key. The token was changed, or the configured key set is "
        "another issuer's.",
    )


def _raise(name: StepName, refusal: TokenRefused, remedy: str | None) -> NoReturn:
    raise refusal


def _conclude(token: Compact, policy: Policy, keys: Keys, now: float, trace: Trace) -> VerifiedToken:
    from_issuer: KeysUnavailable | None = None
    try:
        if token.header.algorithm not in policy.algorithms:
            trace.skipped([StepName.KEY, StepName.SIGNATURE], "The algorithm is not accepted.")
        else:
            key = _check_signature(token, keys)
            trace.ok(StepName.KEY, f"{key.kind} key, kid {token.header.kid!r}, from {keys.describe()}.")
            trace.ok(StepName.SIGNATURE, "The signature is good.")
    except KeysUnavailable as error:
        from_issuer = error
        trace.unusable(StepName.KEY, error.detail, code=error.code, remedy="Check that the keys can be reached.")
        trace.skipped([StepName.SIGNATURE], "There is no key to check it with.")
    except TokenRefused as refusal:
        if refusal.code is RefusalCode.UNKNOWN_KEY:
            trace.failed(StepName.KEY, refusal, "Check that the configured key set is the one of this issuer.")
            trace.skipped([StepName.SIGNATURE], "There is no key to check it with.")
        else:
            trace.ok(StepName.KEY, f"The key set holds kid {token.header.kid!r}.")
            trace.failed(StepName.SIGNATURE, refusal, "The token was changed, or comes from another issuer.")
    explain.complete(trace, token, policy=policy, now=now)
    if trace.refusal is not None:
        raise trace.refusal
    if from_issuer is not None:
        raise from_issuer
    return _believed(token)


def _believed(token: Compact) -> VerifiedToken:
    header = token.header
    return VerifiedToken(
        SEAL,
        algorithm=header.algorithm,
        kid=header.kid,
        typ=header.typ,
        claims=token.unverified_claims,
        altered=token.altered,
    )
