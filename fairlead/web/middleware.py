"""What wraps every request: its id, the headers no page goes without."""

import contextvars
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from fairlead import request_id
from fairlead.conf import conf

type_response = Callable[[HttpRequest], HttpResponse]
current_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")


class RequestIdMiddleware:
    """Gives each request an id, in `request.request_id`, in every log line and in the answer's X-Request-Id.

    An id sent by the caller counts only behind a proxy of ours: else a stranger chooses what our logs say.
    """

    def __init__(self, get_response: type_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-Id", "") if conf().trusted_proxies else ""
        chosen = sent if request_id.well_formed(sent) else uuid.uuid4().hex
        request.request_id = chosen  # type: ignore[attr-defined]
        # Never taken back: Django logs a request after its last middleware. The next one sets its own.
        current_request_id.set(chosen)
        response = self.get_response(request)
        response["X-Request-Id"] = chosen
        return response


class PlainCookiesMiddleware:
    """Drops cookies with control characters in them. None of ours has any, and a NUL is an error in PostgreSQL."""

    def __init__(self, get_response: type_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if not value.isprintable()]:
            del request.COOKIES[name]
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """Headers that Django has no setting for. An answer that names no caching rule is not cached."""

    def __init__(self, get_response: type_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "no-store")
        return response
