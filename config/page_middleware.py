"""Middleware that pages need, and an API call for a program does not: it costs more than the call itself.

Sessions, whoever is signed in with one, and messages are left out where an API view of ours answers that reads no
session (`fairlead.web.api_paths.is_for_programs`). Whoever reads one there all the same meets an AttributeError, not
somebody else's session. CSRF stays on every path: what a browser sends with its cookies is never left unchecked.
"""

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase

from accounts.middleware import OpenSessionMiddleware
from fairlead.web.api_paths import is_for_programs

_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class _PagesOnly:
    get_response: Callable[[HttpRequest], Any]

    def __call__(self, request: HttpRequest) -> Any:
        if is_for_programs(request.path_info):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class PageSessionMiddleware(_PagesOnly, SessionMiddleware):
    pass


class PageAuthenticationMiddleware(_PagesOnly, AuthenticationMiddleware):
    pass


class PageOpenSessionMiddleware(_PagesOnly, OpenSessionMiddleware):
    pass


class PageMessageMiddleware(_PagesOnly, MessageMiddleware):
    pass


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The pages' policy for pages. What no browser shows as a page may do nothing at all, in a sentence made once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").partition(";")[0].endswith("json"):
            response.headers.setdefault("Content-Security-Policy", _NOTHING)
            return response
        return super().process_response(request, response)
