"""A refusal as a page, for a person whose browser was led to an address that has nothing to show."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop
from django.views import View

from fairlead import request_id
from fairlead.web.codes import FAULT, TABLE

_NO_GET = gettext_noop("This address takes what a form sends, and shows nothing by itself. Go back, and send the form.")


def navigates(request: HttpRequest) -> bool:
    """Whether a browser shows the answer to a person: by address bar, link or redirect, not by a script's call."""
    if request.method not in {"GET", "HEAD"} or "Authorization" in request.headers:
        return False
    if mode := request.headers.get("Sec-Fetch-Mode"):
        return mode == "navigate"
    # Browsers that do not say it yet, or not over plain http. Programs ask for JSON, or for anything.
    return request.headers.get("Accept", "").startswith("text/html")


def render(request: HttpRequest, code: str, detail: str, *, error_id: str = "") -> HttpResponse:
    """The page of a code of the table. `detail` in English or in the request's language."""
    problem = TABLE.get(code, FAULT)
    context = {
        "title": gettext(problem.title),
        "detail": gettext(detail),
        "request_id": error_id or request_id.of(request),
    }
    # Without the request: its context processors ask the database who is there, which may be what is away.
    response = HttpResponse(render_to_string("fairlead/problem.html", context), status=problem.status)
    response["Cache-Control"] = "no-store"
    return response


class Page(View):
    """The base of a page's view: where it takes no GET, a person is told so, and not shown an empty answer."""

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        bare: HttpResponseBase = super().http_method_not_allowed(request, *args, **kwargs)
        if not navigates(request):
            return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": bare["Allow"]})
        told = render(request, "method_not_allowed", _NO_GET)
        told["Allow"] = bare["Allow"]
        return told
