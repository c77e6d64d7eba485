"""What a request gets that reached no view, or broke one: a page for a person, a problem document for a program."""

import sys

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from fairlead.audit.refusals import refused
from fairlead.causes import cause
from fairlead.web import outages, problem_page
from fairlead.web.api_paths import is_api
from fairlead.web.problems import answer


def wants_page(request: HttpRequest) -> bool:
    """Whether a person is looking. The API's own paths get problem details, unless a browser was led there."""
    asks = "text/html" in request.headers.get("Accept", "") and not is_api(request.path_info)
    return asks or problem_page.navigates(request)


def _page_or_problem(request: HttpRequest, code: str, detail: str, *, error_id: str = "") -> HttpResponse:
    if not wants_page(request):
        return answer(code, detail, request=request)
    return problem_page.render(request, code, detail, error_id=error_id)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page_or_problem(
        request, "invalid_request", gettext_noop("The request could not be understood. Check its address.")
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    person = getattr(getattr(request, "user", None), "pk", None)
    error_id = refused(cause("page.forbidden"), request=request, person=person)
    return _page_or_problem(request, "forbidden", gettext_noop("Your account does not allow that."), error_id=error_id)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page_or_problem(
        request, "not_found", gettext_noop("Nothing lives at this address. Check it, or go back to the start.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles the exception: of a view, a middleware, a template."""
    if isinstance(error := sys.exception(), outages.FAULTS):
        return outages.answer(request, error, page=wants_page(request))
    return _page_or_problem(
        request,
        "internal_error",
        gettext_noop("The fault was logged. Try again; if it stays, tell the operator the request id."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    error_id = refused(cause("page.csrf"), request=request)
    return _page_or_problem(
        request,
        "forbidden",
        gettext_noop("The form was open too long, or cookies are off. Go back, reload the page, try again."),
        error_id=error_id,
    )
