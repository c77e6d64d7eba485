"""Keys that rotate without a restart, and a count of what was asked, for tests."""

import threading
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from oauth2_provider.settings import oauth2_settings

from demo.provider import keys

type_response = Callable[[HttpRequest], HttpResponse]
counts: Counter[str] = Counter()
_lock = threading.Lock()


class FreshKeysMiddleware:
    """Reads the key files again when they changed: a rotation by the command line reaches the running server."""

    def __init__(self, get_response: type_response) -> None:
        self.get_response = get_response
        self.known: tuple[str, ...] = ()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with _lock:
            names = keys.names(settings.STATE)
            if names != self.known:
                signing, *others = keys.published(settings.STATE)
                # The toolkit keeps each setting as an attribute once it was read.
                oauth2_settings.OIDC_RSA_PRIVATE_KEY = signing
                oauth2_settings.OIDC_RSA_PRIVATE_KEYS_INACTIVE = others
                self.known = names
        return self.get_response(request)


class CountingMiddleware:
    def __init__(self, get_response: type_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if name := _named(request.path):
            with _lock:
                counts[name] += 1
        return self.get_response(request)


def _named(path: str) -> str | None:
    if path.startswith("/pictures/"):
        return "picture"
    return {
        "/o/.well-known/openid-configuration": "discovery",
        "/o/.well-known/jwks.json": "keys",
        "/o/token/": "token",
        "/o/userinfo/": "userinfo",
        "/o/introspect/": "introspection",
        "/o/authorize/": "authorization",
    }.get(path)
