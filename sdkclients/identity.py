"""Who an app user is, from a token and the client that it came through.

The client's record decides which pool's rules hold; the token only confirms it. A pool is never found by `iss` or `kid`
alone, since two tenants may name one issuer. The one exception is a hosted pool's own token without a client: its `iss`
ends in the pool's id and has to be that pool's issuer, and it is checked with that pool's own keys from our database.
"""

from dataclasses import dataclass
from datetime import datetime

from fairlead.idtokens import compact
from fairlead.idtokens.errors import RefusalCode, TokenRefused
from fairlead.idtokens.verified import VerifiedToken
from fairlead.orgs.tenancy import identifier_of
from fairlead.refusal import Refused, Whose
from sdkclients import clients
from sdkclients.errors import ClientRequired, UnknownClient
from sdkclients.models import SdkClient
from userpools import addresses, id_claim, pools
from userpools.models import AppUser, UserPool


@dataclass(frozen=True, slots=True)
class Caller:
    """An app user, the token that said so, the pool that it was checked in, and the client (None: none was named)."""

    user: AppUser
    token: VerifiedToken
    pool: UserPool
    client: SdkClient | None


def through_client(raw_client_id: str, raw_token: str, *, now: datetime) -> Caller:
    """Raises UnknownClient, TokenRefused or KeysUnavailable."""
    client_id = identifier_of(raw_client_id)
    client = clients.find(client_id, likely_user=lambda: _likely_user(raw_token)) if client_id else None
    if client is None or client.pool is None:
        # What is no token at all is told the same for every id: it must not tell which clients exist.
        compact.parse(raw_token)
        raise UnknownClient
    return _caller(client.pool, client, raw_token, now=now)


def of_hosted_pool(raw_token: str, *, now: datetime) -> Caller:
    """For a token without a client. Raises ClientRequired, TokenRefused or KeysUnavailable."""
    issuer = compact.parse(raw_token).unverified_claims.get("iss")
    pool_id = identifier_of(issuer.rpartition("/")[2]) if isinstance(issuer, str) else None
    if pool_id is None:
        raise ClientRequired
    pool = clients.find_pool(pool_id)
    if pool is None or pool.issuer != issuer:
        if issuer != addresses.issuer_of_new(pool_id):
            raise ClientRequired
        raise TokenRefused(
            RefusalCode.WRONG_ISSUER,
            "The token's iss names no hosted pool that exists here. Send the id of the SDK client in "
            "X-Client-Id, or a token of a hosted pool.",
        )
    return _caller(pool, None, raw_token, now=now)


def _caller(pool: UserPool, client: SdkClient | None, raw_token: str, *, now: datetime) -> Caller:
    try:
        found = pools.identify(pool, raw_token, now=now)
    except Refused as refused:
        refused.whose = Whose(organization=pool.organization_id, pool=pool.pk, client=client.pk if client else None)
        raise
    return Caller(found.user, found.token, pool, client)


def _likely_user(raw_token: str) -> str | None:
    """What an unverified token says. Used to load a row in advance, never to believe it."""
    try:
        return id_claim.as_external_id(compact.parse(raw_token).unverified_claims.get("sub"))
    except TokenRefused:
        return None
