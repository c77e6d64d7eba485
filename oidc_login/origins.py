"""Where a person may be sent after a sign-in: a path of ours, or an address of our own or the front end's origin.

Judged as a browser reads it, not as a parser does; checked when the trip begins and again when the target is used.
"""

from fairlead.conf import conf
from fairlead.web.redirects import safe_path
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused

MAX_LENGTH = 2000


def safe_target(wanted: str) -> str:
    """The target as it may be stored and used. Raises LoginRefused(invalid_redirect)."""
    if len(wanted) <= MAX_LENGTH:
        if safe_path(wanted) is not None:
            return wanted
        for origin in {conf().origin, conf().frontend_url}:
            rest = wanted.removeprefix(origin)
            if rest != wanted and safe_path(_as_path(rest)) is not None:
                return wanted
    raise LoginRefused(Code.INVALID_REDIRECT)


def _as_path(rest: str) -> str:
    """What follows an origin, as a path: `https://app.example` and `https://app.example?x` mean its root."""
    return f"/{rest}" if rest == "" or rest[0] in "?#" else rest
