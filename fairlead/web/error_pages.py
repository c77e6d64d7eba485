"""What a request gets that reached no view, or broke one: a page for a person, a problem document for a program."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairlead.web.codes import FAULT, TABLE
from fairlead.web.problems import answer


def wants_page(request: HttpRequest) -> bool:
    """Whether a person is looking: the API's own paths always get problem details."""
    if request.path.startswith(("/api/", "/org/", "/app/", "/pools/")):
        return False
    return "text/html" in request.headers.get("Accept", "")


def _page_or_problem(request: HttpRequest, code: str, detail: str) -> HttpResponse:
    if not wants_page(request):
        return answer(code, detail, request=request)
    problem = TABLE.get(code, FAULT)
    context = {"title": problem.title, "detail": detail, "request_id": getattr(request, "request_id", "")}
    return render(request, "fairlead/problem.html", context, status=problem.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page_or_problem(request, "invalid_request", "The request could not be understood. Check its address.")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page_or_problem(request, "forbidden", "Your account does not allow that.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page_or_problem(request, "not_found", "Nothing lives at this address. Check it, or go back to the start.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _page_or_problem(
        request, "internal_error", "The fault was logged. Try again; if it stays, tell the operator the request id."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page_or_problem(
        request, "forbidden", "The form was open too long, or cookies are off. Go back, reload the page, try again."
    )
