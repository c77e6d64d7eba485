"""The database is away, hangs or has no connection left: 503 with Retry-After, for every door in this one place.

A problem document for a program, a page for a person; a view that ends somewhere else says so itself (`unavailable`).
One log line a second, without a traceback: there is one for every request otherwise, and they all say the same.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from fairlead.web import problem_page, problems

FAULTS = (OperationalError, InterfaceError)
RETRY_AFTER = 2  # seconds
_DETAIL = "The service cannot reach its data just now. Try again in a moment."
log = logging.getLogger(__name__)
_lock = threading.Lock()
_told_at = 0.0
_untold = 0


def page(request: HttpRequest, detail: str, *, retry_after: int) -> HttpResponse:
    """For a person whose request could not be taken on just now."""
    response = problem_page.render(request, "unavailable", detail)
    response["Retry-After"] = str(retry_after)
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def answer(request: HttpRequest, error: BaseException, *, page: bool) -> HttpResponse:
    _tell(error)
    elsewhere, browser = _of_view(request)
    response = elsewhere or (
        problem_page.render(request, "unavailable", _DETAIL) if page or browser else _problem(request)
    )
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    # Django would write the traceback.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _of_view(request: HttpRequest) -> tuple[HttpResponse | None, bool]:
    """What the view itself says, and whether it is one that browsers are led to, although it is an API's."""
    view = getattr(getattr(request.resolver_match, "func", None), "cls", None)
    unavailable: Callable[[HttpRequest], HttpResponse | None] | None = getattr(view, "unavailable", None)
    return (unavailable(request), True) if unavailable else (None, False)


def _problem(request: HttpRequest) -> HttpResponse:
    return problems.answer("unavailable", _DETAIL, request=request)


def _tell(error: BaseException) -> None:
    global _told_at, _untold  # noqa: PLW0603 - one per process
    with _lock:
        now = time.monotonic()
        if now - _told_at < 1:
            _untold += 1
            return
        untold, _untold, _told_at = _untold, 0, now
    # Not its text: it may name hosts and people.
    log.error("the database does not answer", extra={"error": type(error).__name__, "untold": untold})
