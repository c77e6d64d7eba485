"""The type that only the verifier hands out. Holding one means that its signature and claims were checked."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NoReturn

# Whoever holds the seal can make a VerifiedToken. Only `verify` imports it; a test watches over that.
SEAL = object()


class VerifiedToken:
    """A token that was verified under a policy. Immutable.

    `subject` is the `sub` claim where it is text (always, for a login), else None. `expires_at` and `not_before` are
    Unix times in seconds, without leeway. `claims` is a read-only view: use `dict(token.claims)` to serialize it.
    """

    __slots__ = ("algorithm", "claims", "expires_at", "issuer", "kid", "not_before", "subject")

    algorithm: str
    kid: str | None
    claims: Mapping[str, Any]
    issuer: str | None
    subject: str | None
    expires_at: int
    not_before: float | None

    def __init__(self, seal: object, *, algorithm: str, kid: str | None, claims: dict[str, Any]) -> None:
        if seal is not SEAL:
            raise TypeError("Only idtokens.verify makes verified tokens.")
        fill = object.__setattr__
        issuer, subject = claims.get("iss"), claims.get("sub")
        fill(self, "algorithm", algorithm)
        fill(self, "kid", kid)
        fill(self, "claims", MappingProxyType(claims))
        fill(self, "issuer", issuer if isinstance(issuer, str) else None)
        fill(self, "subject", subject if isinstance(subject, str) else None)
        fill(self, "expires_at", int(claims["exp"]))
        fill(self, "not_before", claims.get("nbf"))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("A verified token cannot be changed.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("A verified token cannot be changed.")

    def __reduce__(self) -> NoReturn:
        raise TypeError("A verified token is not stored or copied; verify the raw token again.")

    def __repr__(self) -> str:
        return f"<VerifiedToken {self.algorithm} of {self.issuer!r}>"
