"""Issuing the ID tokens of hosted pools' users. Revoking them is `app_users.revoke_tokens`."""

import uuid
from collections.abc import Mapping
from typing import Any

import jwt
from django.utils import timezone

from userpools import app_users, signing_keys
from userpools.errors import PoolNotHosted
from userpools.models import UserPool


def issue(pool: UserPool, *, app_user_id: str, expires_at: int, claims: Mapping[str, Any] | None = None) -> str:
    """A token for this user, ES256. `expires_at` is a Unix time. Raises PoolNotHosted.

    A user whose tokens were revoked within this second gets one that is stamped with the next, so that it is not among
    those that were revoked.
    """
    if not pool.hosted:
        raise PoolNotHosted
    now = timezone.now()
    user = app_users.fresh(pool, app_user_id)
    issued_at = int(now.timestamp())
    if user is not None and user.tokens_valid_after is not None:
        issued_at = max(issued_at, int(user.tokens_valid_after.timestamp()))
    kid, private = signing_keys.signer(pool, now=now)
    return jwt.encode(
        {
            **(claims or {}),
            "iss": pool.issuer,
            "sub": app_user_id,
            "aud": str(pool.pk),
            "iat": issued_at,
            "exp": expires_at,
            "jti": uuid.uuid4().hex,
        },
        private,
        algorithm=signing_keys.ALGORITHM,
        headers={"kid": kid},
    )
