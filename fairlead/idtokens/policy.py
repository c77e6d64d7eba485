"""What a token must be in order to be accepted in one place. Fixed by configuration, never by the token.

    Policy.for_login(...)   an ID token that ends a sign-in (OpenID Connect Core 3.1.3.7)
    Policy.for_pool(...)    an ID token of an organization's own provider (docs/user-pools.md)

A policy that would check nothing by mistake (no algorithm, an empty issuer or audience) cannot be made.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from fairlead.idtokens.compact import MAX_SIZE
from fairlead.idtokens.signatures import SUPPORTED

FOREIGN_LEEWAY = 60.0  # seconds of clock difference that other people's tokens are forgiven
ID_TOKEN_TYPES: frozenset[str | None] = frozenset({None, "jwt"})
ACCESS_TOKEN_TYPES: frozenset[str | None] = frozenset({None, "jwt", "at+jwt"})


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Every rule of one door. `None` means "not checked here", and is written out by whoever means it.

    `client` is the relying party that the token must be meant for: it turns on the rules for `azp` of a login. Without
    it, `azp` is looked at only when `aud` has several members, and must then be one of `audiences`.
    `events` says that this door takes tokens which tell of an event, such as a logout; every other one refuses them.
    Times are in seconds, sizes in characters.
    """

    algorithms: frozenset[str]
    issuer: str | None
    audiences: frozenset[str] | None
    client: str | None = None
    parties: frozenset[str] = frozenset()
    types: frozenset[str | None] = ID_TOKEN_TYPES
    events: bool = False
    required: frozenset[str] = frozenset({"exp"})
    nonce: str | None = None
    access_token: str | None = None
    leeway: float = FOREIGN_LEEWAY
    max_lifetime: float | None = None
    max_size: int = MAX_SIZE

    def __post_init__(self) -> None:
        if not self.algorithms or not self.algorithms <= SUPPORTED:
            raise ValueError(f"algorithms must be some of {', '.join(sorted(SUPPORTED))}")
        for name in ("issuer", "audiences", "client", "nonce", "access_token"):
            value = getattr(self, name)
            if value is not None and not value:
                raise ValueError(f"{name} is empty; None says that it is not checked")
        if "exp" not in self.required:
            raise ValueError("a token without exp would live for ever")
        if (self.issuer is None and "iss" in self.required) or (self.audiences is None and "aud" in self.required):
            raise ValueError("iss and aud are required by naming the issuer and the audiences")

    @classmethod
    def for_login(
        cls,
        *,
        issuer: str,
        client_id: str,
        nonce: str | None,
        algorithms: Collection[str],
        access_token: str | None = None,
        require_at_hash: bool = False,
        other_clients: Collection[str] = (),
    ) -> Self:
        """An ID token for us. `other_clients` are our own further client ids (a mobile app's), as `aud` or `azp`.

        `nonce` is None only where none was sent. `at_hash` is compared when the token has one and `access_token` is
        given; `require_at_hash` refuses a token without.
        """
        ours = frozenset({client_id, *other_clients})
        return cls(
            algorithms=frozenset(algorithms),
            issuer=issuer,
            audiences=ours,
            client=client_id,
            parties=ours,
            required=frozenset({"iss", "aud", "exp", "iat", "sub"}) | ({"at_hash"} if require_at_hash else set()),
            nonce=nonce,
            access_token=access_token,
        )

    @classmethod
    def for_pool(
        cls,
        *,
        algorithms: Collection[str],
        issuer: str | None,
        audiences: Collection[str] | None,
        leeway: float = FOREIGN_LEEWAY,
    ) -> Self:
        """An app user's ID token. What the pool does not name is not checked; the id claim is the pool's to check."""
        return cls(
            algorithms=frozenset(algorithms),
            issuer=issuer,
            audiences=None if audiences is None else frozenset(audiences),
            leeway=leeway,
        )
