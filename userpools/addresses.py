"""Where a hosted pool publishes its documents, and the issuer that follows from it when the pool is made.

The issuer is kept in the pool's row from then on. It does not follow a later change of ORIGIN or of the path that we
are mounted at: whoever verifies a pool's tokens has written its issuer down, and tokens live for months.
"""

from uuid import UUID

from django.urls import reverse

from fairlead.conf import conf
from fairlead.idtokens.discovery import discovery_url


def issuer_of_new(pool_id: UUID) -> str:
    """What `iss` will say in the tokens of a hosted pool with this id."""
    return _absolute("userpools:discovery", pool_id).removesuffix(discovery_url(""))


def key_set(pool_id: UUID) -> str:
    """Where the pool's key set is now."""
    return _absolute("userpools:key-set", pool_id)


def _absolute(name: str, pool_id: UUID) -> str:
    return f"{conf().origin}{reverse(name, args=[pool_id])}"
