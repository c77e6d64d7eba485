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
    `typ` is the header's, in lower case and without `application/`. `altered` names claims whose texts were cleaned:
    they are for showing, and identify nobody.
    """

    __slots__ = ("algorithm", "altered", "claims", "kid", "typ")

    algorithm: str
    kid: str | None
    typ: str | None
    claims: Mapping[str, Any]
    altered: frozenset[str]

    def __init__(
        self,
        seal: object,
        *,
        algorithm: str,
        kid: str | None,
        typ: str | None,
        claims: dict[str, Any],
        altered: frozenset[str],
    ) -> None:
        if seal is not SEAL:
            raise TypeError("Only idtokens.verify makes verified tokens.")
        fill = object.__setattr__
        fill(self, "algorithm", algorithm)
        fill(self, "kid", kid)
        fill(self, "typ", typ)
        fill(self, "claims", MappingProxyType(claims))
        fill(self, "altered", altered)

    @property
    def issuer(self) -> str | None:
        issuer = self.claims.get("iss")
        return issuer if isinstance(issuer, str) else None

    @property
    def subject(self) -> str | None:
        subject = self.claims.get("sub")
        return subject if isinstance(subject, str) else None

    @property
    def expires_at(self) -> int:
        return int(self.claims["exp"])

    @property
    def not_before(self) -> float | None:
        return self.claims.get("nbf")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("A verified token cannot be changed.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("A verified token cannot be changed.")

    def __reduce__(self) -> NoReturn:
        raise TypeError("A verified token is not stored or copied; verify the raw token again.")

    def __repr__(self) -> str:
        return f"<VerifiedToken {self.algorithm} of {self.issuer!r}>"
