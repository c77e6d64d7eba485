"""Binds a sign-in to the browser that began it, or to the holder of a PKCE verifier (RFC 9700 4.7, RFC 7636).

Without it an attacker could begin a sign-in, sign in as themselves, and make somebody else's browser finish it: the
victim would then work in the attacker's account without noticing.
"""

import base64
import hashlib
import hmac
import re
import secrets

from django.http import HttpRequest, HttpResponseBase

from fairlead.conf import conf
from fairlead.credentials.secrets import digest
from oidc_login.models import Bound

_VALUE = re.compile(r"\A[A-Za-z0-9_-]{43}\Z")
_VERIFIER = re.compile(r"\A[A-Za-z0-9._~-]{43,128}\Z")
_LIFETIME = 24 * 3600  # seconds; longer than any row that is bound by it


def cookie_name() -> str:
    return "__Host-fairlead-binding" if conf().on_https else "fairlead-binding"


def current(request: HttpRequest) -> str:
    """The browser's binding value, or the empty string."""
    value = request.COOKIES.get(cookie_name(), "")
    return value if _VALUE.match(value) else ""


def ensure(request: HttpRequest) -> str:
    """The value it has, so that parallel tabs keep working, or a new one."""
    return current(request) or secrets.token_urlsafe(32)


def set_cookie(response: HttpResponseBase, value: str) -> None:
    response.set_cookie(
        cookie_name(), value, max_age=_LIFETIME, httponly=True, samesite="Lax", secure=conf().on_https, path="/"
    )


def is_challenge(text: str) -> bool:
    """An S256 code challenge: 32 bytes in base64url, 43 characters."""
    return bool(_VALUE.match(text))


def matches(row: Bound, *, request: HttpRequest, code_verifier: str = "") -> bool:
    """Whether the caller is the browser that began, or holds the verifier where a challenge was given."""
    if row.code_challenge:
        if not _VERIFIER.match(code_verifier):
            return False
        made = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode("ascii")).digest()).rstrip(b"=").decode()
        return hmac.compare_digest(made, row.code_challenge)
    return same_browser(row.binding, request=request)


def same_browser(binding: str, *, request: HttpRequest) -> bool:
    value = current(request)
    return bool(value) and hmac.compare_digest(digest(value), binding)
