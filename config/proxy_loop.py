"""A page instead of an endless redirect, where a TLS proxy stands in front and nobody told us to believe it.

The proxy ends TLS and says so (X-Forwarded-Proto), but with TRUSTED_PROXIES at 0 its word does not count: each request
is taken for plain http and sent to https, where it just came from. The browser gives up; the log would stay empty.
"""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from config.health import PATHS
from fairlead.conf import conf, source
from fairlead.web.error_pages import wants_page
from fairlead.web.problems import answer

log = logging.getLogger(__name__)


class ProxyLoopMiddleware:
    """Stands before Django's SecurityMiddleware, which redirects."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not conf().on_https or conf().trusted_proxies or request.path_info in PATHS or not _came_by_https(request):
            return self.get_response(request)
        setting = source("TRUSTED_PROXIES").name
        log.error("a proxy says https and is not believed: set %s to how many proxies there are", setting)
        detail = gettext(
            "A proxy passed this request on as https, but %(setting)s is 0, so its word does not count and every page "
            "would redirect to itself. The operator sets %(setting)s=1, or to how many proxies there are."
        ) % {"setting": setting}
        if not wants_page(request):
            return answer("unavailable", detail, request=request, retry_after=60)
        context = {
            "title": gettext("This service is not set up for its proxy yet"),
            "detail": detail,
            "request_id": getattr(request, "request_id", ""),
        }
        response = render(request, "fairlead/problem.html", context, status=503)
        response["Retry-After"] = "60"
        return response


def _came_by_https(request: HttpRequest) -> bool:
    said = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower()
    return said == "https" and not request.is_secure()
