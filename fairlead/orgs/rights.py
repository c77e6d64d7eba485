"""Who may do what in an organization: the one table. docs/http-api.md tells it, and a test asks every route for it.

Whoever is no member is told 404 before this is asked.
"""

from collections.abc import Mapping
from enum import StrEnum


class Caller(StrEnum):
    """Who calls: a member by role (as `Role`), or an API key."""

    ADMIN = "admin"
    MEMBER = "member"
    READ_ONLY = "read-only"
    KEY = "key"


class Right(StrEnum):
    READ = "read"
    """The organization, pools, clients, app users, usage."""
    WRITE = "write"
    """Pools, clients of kind application, app users, tokens."""
    SERVICE_CLIENTS = "service clients"
    """Made, changed, deleted, and their keys rotated."""
    LIST_API_KEYS = "list API keys"
    CHANGE_API_KEYS = "change API keys"
    READ_MEMBERS = "read members"
    READ_REFUSALS = "read refusals"
    READ_RECORD = "read the record"
    MANAGE = "manage"
    """The organization itself, members' roles, invitations."""
    LEAVE = "leave"


_A, _M, _R, _K = Caller
TABLE: Mapping[Right, frozenset[Caller]] = {
    Right.READ: frozenset({_A, _M, _R, _K}),
    Right.WRITE: frozenset({_A, _M, _K}),
    Right.SERVICE_CLIENTS: frozenset({_A, _M}),
    Right.LIST_API_KEYS: frozenset({_A}),
    Right.CHANGE_API_KEYS: frozenset({_A}),
    Right.READ_MEMBERS: frozenset({_A, _M, _R}),
    Right.READ_REFUSALS: frozenset({_A, _M}),
    Right.READ_RECORD: frozenset({_A}),
    Right.MANAGE: frozenset({_A}),
    Right.LEAVE: frozenset({_A, _M, _R}),
}
# A stolen session of an administrator must not become a key that outlives it: these want a sign-in of the last minutes.
FRESH = frozenset({Right.CHANGE_API_KEYS})
# What an API key is refused with the reason that it makes no keys.
OF_KEYS = frozenset({Right.SERVICE_CLIENTS, Right.LIST_API_KEYS, Right.CHANGE_API_KEYS})


def allowed(caller: Caller, right: Right) -> bool:
    return caller in TABLE[right]
