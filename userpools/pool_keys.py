"""Where the keys of a pool come from: our own table for a hosted one, the cache of key sets for the others.

Nothing here waits for an issuer before a token has passed the cheap checks: the keys are asked for when `verify` asks.
All fetches of one organization share a budget.
"""

from datetime import datetime
from typing import Protocol

from fairlead.idtokens import issuers, outbound
from fairlead.idtokens.cached_keys import CachedKeys
from fairlead.idtokens.errors import (
    FetchesUsedUp,
    FetchFailed,
    FetchRefused,
    KeysUnavailable,
    MetadataRefused,
    MetadataUnavailable,
)
from fairlead.idtokens.jwk import Key
from fairlead.idtokens.verify import Keys
from fairlead.memory import Memory
from userpools import authorization, signing_keys
from userpools.authorization import Authorization
from userpools.errors import AuthorizationRefused
from userpools.models import UserPool

# Issuer -> JWKS URI as its discovery document said it last. Only `version` reads it; `find` asks the cache.
_discovered: Memory[tuple[str, str], str] = Memory(seconds=300, size=2_000)


class PoolKeys(Keys, Protocol):
    """Keys that say when others are in force."""

    def version(self) -> object:
        """Part of the namespace of remembered verifications. Asks nobody."""


def of(pool: UserPool, *, now: datetime) -> PoolKeys:
    """The keys that check this pool's tokens. Raises KeysUnavailable where the URL may not be called at all."""
    if pool.hosted:
        return signing_keys.verifying(pool, now=now)
    if pool.jwks_uri:
        return issuers.keys(pool.jwks_uri, outbound=outbound.pools(), group=str(pool.organization_id))
    return _FoundThroughIssuer(pool)


class _FoundThroughIssuer:
    """The keys of a pool that names its issuer alone."""

    def __init__(self, pool: UserPool) -> None:
        self._pool = pool
        self._at = (pool.issuer, str(pool.organization_id))

    def find(self, algorithm: str, kid: str | None) -> Key:
        return self._keys(self._jwks_uri()).find(algorithm, kid)

    def refresh_after_failure(self, algorithm: str, kid: str | None, failed: Key) -> Key | None:
        return self._keys(self._jwks_uri()).refresh_after_failure(algorithm, kid, failed)

    def describe(self) -> str:
        return f"{self._jwks_uri()}, which the discovery document of {self._pool.issuer} names"

    def version(self) -> object:
        jwks_uri = _discovered.get(self._at)
        return "" if jwks_uri is None else f"{jwks_uri} {self._keys(jwks_uri).version()}"

    def _keys(self, jwks_uri: str) -> CachedKeys:
        return issuers.keys(jwks_uri, outbound=outbound.pools(), group=str(self._pool.organization_id))

    def _jwks_uri(self) -> str:
        try:
            found = discover(self._pool.issuer, organization_id=self._pool.organization_id)
            authorization.refuse_shared(Authorization.of(self._pool), found)
        except (MetadataUnavailable, MetadataRefused, AuthorizationRefused) as error:
            retry_after = error.retry_after if isinstance(error, MetadataUnavailable) else 60
            said = error.detail if isinstance(error, AuthorizationRefused) else error.to_others
            detail = f"The issuer's keys cannot be had: {said} Check the issuer, and whether it answers."
            raise KeysUnavailable(detail, retry_after=retry_after) from None
        _discovered.put(self._at, found, stamp=_discovered.stamp)
        return found


def discover(issuer: str, *, organization_id: object) -> str:
    """Where this issuer's keys are. Raises MetadataUnavailable or MetadataRefused."""
    return issuers.jwks_uri(issuer, outbound=outbound.pools(), group=str(organization_id))


def reachable(wanted: Authorization, *, organization_id: object) -> bool:
    """Look at the keys that somebody has just entered. False: not now, but it may be passing.

    Raises AuthorizationRefused for what can never work, with the reason; FetchesUsedUp where they have to wait.
    """
    member = "jwksUri" if wanted.jwks_uri else "issuer"
    try:
        found = wanted.jwks_uri or discover(wanted.issuer, organization_id=organization_id)
        authorization.refuse_shared(wanted, found)
        issuers.first_fetch(found, outbound=outbound.pools(), group=str(organization_id))
    except (FetchRefused, MetadataRefused) as refusal:
        raise AuthorizationRefused(member, refusal.to_others) from None
    except FetchesUsedUp:
        raise
    except (FetchFailed, MetadataUnavailable):
        return False
    return True
