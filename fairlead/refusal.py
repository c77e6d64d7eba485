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
from typing import Any


class Refused(Exception):
    """`code` is one of `web.codes.TABLE`, which knows the status. `detail` is safe to show and says what to do next.

    `retry_after` is in seconds; `challenge` goes with a 401 (RFC 6750 3); `errors` are messages by field; `members` are
    further members of the problem document.
    """

    code: str = "invalid_request"
    detail: str = "The request is not valid."
    retry_after: int | None = None
    challenge: str = "Bearer"
    errors: Mapping[str, Any] | None = None
    members: Mapping[str, Any] | None = None

    def __init__(self, detail: str = "") -> None:
        self.detail = detail or type(self).detail
        super().__init__(self.detail)
