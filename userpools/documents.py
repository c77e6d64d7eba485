"""What a hosted pool publishes: its discovery document and its key set, so that anyone can verify its tokens.

A self-hosted pool, one of a disabled organization and one that does not exist are alike: there is no document.
"""

import uuid
from datetime import datetime
from typing import Any

from userpools import addresses, signing_keys
from userpools.models import UserPool

KEPT_FOR = signing_keys.PUBLISHED_FOR  # seconds


def key_set(pool_id: uuid.UUID | None, *, now: datetime) -> dict[str, Any] | None:
    """RFC 7517 5."""
    if pool_id is None or _issuer(pool_id) is None:
        return None
    return {"keys": signing_keys.published(pool_id, now=now)}


def discovery(pool_id: uuid.UUID | None) -> dict[str, Any] | None:
    """OpenID Connect Discovery 3, without the endpoints of a login: nobody signs in at a hosted pool."""
    issuer = None if pool_id is None else _issuer(pool_id)
    if pool_id is None or issuer is None:
        return None
    return {
        "issuer": issuer,
        "jwks_uri": addresses.key_set(pool_id),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [signing_keys.ALGORITHM],
        "claims_supported": ["iss", "sub", "aud", "iat", "exp", "jti", "sdkClientId"],
    }


def _issuer(pool_id: uuid.UUID) -> str | None:
    """The issuer of a pool that publishes; None for one that does not."""
    publishing = UserPool.objects.filter(pk=pool_id, hosted=True, organization__disabled_at=None)
    return publishing.values_list("issuer", flat=True).first()
