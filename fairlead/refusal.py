"""The base of everything that is refused on purpose, whoever refuses it. No Django here.

    Refused
    |-- idtokens.errors    a token, or the keys and documents that it needs
    |-- people             the people's side: accounts, pictures, passwords
    |-- web                bodies, limits
    |-- orgs, userpools, sdkclients, oidc_login   each its own tree, drawn in its module `errors`

In our own views it becomes a problem document (`web.problems`), in a host's an exception of Django REST framework
(`web.door`). Any other exception is a fault, and nothing of it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose call was refused, as far as it is known: ids, and the start of an API key."""

    organization: UUID | None = None
    pool: UUID | None = None
    client: UUID | None = None
    key_prefix: str = ""


class Refused(Exception):
    """`code` is one of `web.codes.TABLE`, which knows the status. `detail` is safe to show and says what to do next.

    `retry_after` is in seconds; `challenge` goes with a 401 (RFC 6750 3); `errors` are messages by field; `members` are
    further members of the problem document. `cause_id` is its cause in fairlead.causes, filled with `facts`.
    """

    code: str = "invalid_request"
    detail: str = "The request is not valid."
    retry_after: int | None = None
    challenge: str = "Bearer"
    errors: Mapping[str, Any] | None = None
    members: Mapping[str, Any] | None = None
    cause_id: str = ""
    on_record: bool = True
    """False for what is refused before it costs anything, the record included."""
    facts: Mapping[str, Any] = MappingProxyType({})
    whose: Whose | None = None

    def __init__(self, detail: str = "") -> None:
        self.detail = detail or type(self).detail
        super().__init__(self.detail)
