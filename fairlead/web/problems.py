"""Errors as problem details (RFC 9457): the answers, and the handler that turns exceptions into them.

Apps raise `Refused`, Django REST framework raises its own. Nothing else of an exception reaches a caller: no text of a
library, no stack, no upstream body.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from fairlead import request_id
from fairlead.conf import conf
from fairlead.refusal import Refused
from fairlead.web import framework_refusals, problem_page, refused_calls
from fairlead.web.bodies import BodyTooLarge
from fairlead.web.codes import FAULT, TABLE
from fairlead.web.door import RefusedAtDoor

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
# What passes by itself always says when to come back, also where nobody knows better.
_PASSING = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_SOON = 10  # seconds


def answer(
    code: str,
    detail: str,
    *,
    request: HttpRequest | None,
    errors: Any = None,
    retry_after: int | None = None,
    challenge: str = "Bearer",
    more: Mapping[str, Any] | None = None,
) -> JsonResponse:
    """The problem details answer for a code of the table. `detail` in English or in the request's language."""
    problem = TABLE.get(code, FAULT)
    body: dict[str, Any] = {
        "type": f"{conf().origin}{_page()}#{code}",
        "title": gettext(problem.title),
        "status": problem.status,
        "detail": gettext(detail),
        "code": code,
        "requestId": request_id.of(request),
    }
    if errors:
        body["errors"] = errors
    body |= dict(more or {})
    response = JsonResponse(body, status=problem.status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = challenge
    if retry_after is None and problem.status in _PASSING:
        retry_after = _SOON
    if retry_after is not None:
        response["Retry-After"] = str(max(1, retry_after))
    return response


def _page() -> str:
    """Where the table of codes is shown; in a project without that page the same name, which need not lead anywhere."""
    try:
        return reverse("problems")
    except NoReverseMatch:
        return "/problems"


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler. None for a fault of ours: Django logs it and `server_error` answers."""
    request = context["request"]._request
    refused = _refused(error, request)
    if refused is None:
        return None
    if not (isinstance(error, RefusedAtDoor) and error.told):
        # A bad credential was counted where it was recognised, also for a host's views; a lacking right was not.
        refused_calls.tell(refused, request=request, kept=getattr(context.get("view"), "keeps_refusals", False))
    response: HttpResponse = answer(
        str(refused.code),
        refused.detail,
        request=request,
        errors=refused.errors,
        retry_after=refused.retry_after,
        challenge=refused.challenge,
        more=refused.members,
    )
    if problem_page.navigates(request):
        shown = problem_page.render(request, str(refused.code), refused.detail)
        response = with_headers_of(response, shown)
    # Django would log an expected 503 again, as a fault of ours.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def with_headers_of(problem: HttpResponse, page: HttpResponse) -> HttpResponse:
    """The page, with what a program is told beside the body: when to come back, and what credential is wanted."""
    for name in ("Retry-After", "WWW-Authenticate"):
        if name in problem:
            page[name] = problem[name]
    return page


class ChangedMeanwhile(Refused):
    """Two calls at once, of which the database let one through."""

    code = "in_use"
    cause_id = "call.changed_meanwhile"
    detail = gettext_noop(
        "Another call changed the same things at the same moment. Look at them again, and repeat what is left."
    )


def _refused(error: Exception, request: HttpRequest) -> Refused | None:
    if isinstance(error, Refused):
        return error
    if isinstance(error, RefusedAtDoor):
        return error.refused
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(error, IntegrityError):
        # Where it comes again and again it is a fault of ours: so with its traceback.
        log.warning("refused by a constraint", extra={"path": request.path}, exc_info=error)
        return ChangedMeanwhile()
    return framework_refusals.of(error, request)
