"""From a raw token to an app user, under one pool's rules. The pool was chosen by the caller, never by the token.

    identify(pool, raw_token, now=...) -> Identified, or TokenRefused, or KeysUnavailable

A token that was verified is remembered for a few seconds under the pool's version and its keys' version; the user's
block and revocation are checked each time.
"""

from dataclasses import dataclass
from datetime import datetime

from fairlead.idtokens.policy import Policy
from fairlead.idtokens.trace import Trace
from fairlead.idtokens.verified import VerifiedToken
from fairlead.idtokens.verify import verify
from fairlead.memory import Memory
from userpools import app_users, id_claim, pool_keys, signing_keys, verified_tokens
from userpools.models import AppUser, UserPool
from userpools.pool_keys import PoolKeys

_rules: Memory[tuple[object, datetime], tuple[Policy, PoolKeys]] = Memory(
    seconds=5, size=5_000, follows=(signing_keys.changes,)
)


@dataclass(frozen=True, slots=True)
class Identified:
    """A user and the token that said so."""

    user: AppUser
    token: VerifiedToken


def identify(pool: UserPool, raw_token: str, *, now: datetime) -> Identified:
    """Whose token this is, in this pool. Makes the user's row at first sight. Writes nothing for a refused token."""
    token = believed(pool, raw_token, now=now)
    user = app_users.of(pool, id_claim.read(token, id_claim=pool.id_claim))
    app_users.check(user, token)
    app_users.seen(user, now=now)
    return Identified(user, token)


def believed(pool: UserPool, raw_token: str, *, now: datetime, trace: Trace | None = None) -> VerifiedToken:
    """The token, verified under the pool's rules. With a trace nothing remembered is used."""
    moment = now.timestamp()
    policy, keys = _rules_of(pool, now=now)

    def check() -> VerifiedToken:
        return verify(raw_token, policy=policy, keys=keys, now=moment, trace=trace)

    if trace is not None:
        return check()
    return verified_tokens.once(raw_token, namespace=f"{pool.version} {keys.version()}", now=moment, verify=check)


def _rules_of(pool: UserPool, *, now: datetime) -> tuple[Policy, PoolKeys]:
    """Policy and keys of this state of the pool's row. Made for each token, they would cost as much as the check."""
    at = (pool.pk, pool.updated_at)
    return _rules.look_up(at, lambda: (policy_of(pool), pool_keys.of(pool, now=now)))


def policy_of(pool: UserPool) -> Policy:
    """The pool's rules. Our own tokens get no leeway: they end when they say."""
    if pool.hosted:
        return Policy.for_pool(
            algorithms={signing_keys.ALGORITHM},
            issuer=pool.issuer,
            audiences={str(pool.pk)},
            leeway=0.0,
        )
    return Policy.for_pool(algorithms=pool.algorithms, issuer=pool.issuer or None, audiences=pool.audiences or None)
