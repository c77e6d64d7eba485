"""Errors as problem details (RFC 9457): the answers, and the handler that turns exceptions into them.

Apps raise `Refused`, Django REST framework raises its own. Nothing else of an exception reaches a caller: no text of a
library, no stack, no upstream body.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.settings import api_settings

from fairlead.conf import conf
from fairlead.refusal import Refused
from fairlead.web.bodies import BodyTooLarge
from fairlead.web.codes import FAULT, TABLE
from fairlead.web.door import RefusedAtDoor

log = logging.getLogger(__name__)
_WHOLE = "non_field_errors"  # whatever NON_FIELD_ERRORS_KEY the project around us has chosen
MEDIA_TYPE = "application/problem+json"


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
    """The problem details answer for a code of the table."""
    problem = TABLE.get(code, FAULT)
    body: dict[str, Any] = {
        "type": f"{conf().origin}/problems#{code}",
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        "code": code,
        "requestId": getattr(request, "request_id", ""),
    }
    if errors:
        body["errors"] = errors
    body |= dict(more or {})
    response = JsonResponse(body, status=problem.status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = challenge
    if retry_after is not None:
        response["Retry-After"] = str(max(1, retry_after))
    return response


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler. None for a fault of ours: Django logs it and `server_error` answers."""
    request = context["request"]._request
    if isinstance(error, RefusedAtDoor):
        error = error.refused
    elif isinstance(error, RequestDataTooBig):
        error = BodyTooLarge()
    if isinstance(error, Refused):
        return _of_ours(error, request)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.APIException):
        return _of_framework(error, request)
    return None


def _of_ours(error: Refused, request: HttpRequest) -> HttpResponse:
    code = str(error.code)
    log.info("refused", extra={"code": code, "path": request.path})
    response = answer(
        code,
        error.detail,
        request=request,
        errors=error.errors,
        retry_after=error.retry_after,
        challenge=error.challenge,
        more=error.members,
    )
    # Django would log an expected 503 again, as a fault of ours.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _of_framework(error: exceptions.APIException, request: HttpRequest) -> HttpResponse:
    if isinstance(error, exceptions.Throttled):
        wait = int(getattr(error, "wait", None) or 0) + 1
        return answer("throttled", f"Try again in {wait} seconds.", request=request, retry_after=wait)
    if isinstance(error, exceptions.ParseError):
        return answer("invalid_request", str(error.detail), request=request)
    if isinstance(error, exceptions.ValidationError):
        detail = "Correct the fields named in errors and send the request again."
        return answer("invalid_request", detail, request=request, errors=_field_errors(error.detail))
    for kind, (code, detail) in _FRAMEWORK.items():
        if isinstance(error, kind):
            return answer(code, detail, request=request)
    return answer("invalid_request", "The request could not be understood.", request=request)


_FRAMEWORK: dict[type[exceptions.APIException], tuple[str, str]] = {
    exceptions.NotAuthenticated: ("not_authenticated", "Send a valid credential in the Authorization header."),
    exceptions.AuthenticationFailed: ("not_authenticated", "Send a valid credential in the Authorization header."),
    exceptions.PermissionDenied: ("forbidden", "This credential does not allow that."),
    exceptions.NotFound: ("not_found", "Nothing with this address or id exists here."),
    exceptions.MethodNotAllowed: ("method_not_allowed", "Use a method named in Allow."),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", "Send Content-Type: application/json."),
}


def _field_errors(detail: Any) -> dict[str, Any]:
    if isinstance(detail, dict):
        return {_field(name): _messages(value) for name, value in detail.items()}
    return {_WHOLE: _messages(detail)}


def _field(name: object) -> str:
    return _WHOLE if name == api_settings.NON_FIELD_ERRORS_KEY else str(name)


def _messages(value: Any) -> Any:
    if isinstance(value, dict):
        return {_field(name): _messages(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_messages(each) if isinstance(each, dict) else str(each) for each in value]
    return [str(value)]
