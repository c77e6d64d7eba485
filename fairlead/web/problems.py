"""Errors as problem details (RFC 9457): the one table of codes, and the handlers that turn exceptions into answers.

The apps raise exceptions with `problem = True`, a `code` of this table and a `detail` that is safe to show and says
what to do next. Nothing else of an exception reaches a caller: no text of a library, no stack, no upstream body.
"""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions

from fairlead.conf import conf

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    status: int
    title: str


TABLE: dict[str, Problem] = {
    "invalid_request": Problem(400, "The request is not valid"),
    "invalid_redirect": Problem(400, "The redirect target is not allowed"),
    "oidc_not_enabled": Problem(400, "No provider is enabled"),
    "exchange_code_invalid": Problem(400, "The sign-in code is not valid"),
    "link_code_invalid": Problem(400, "The link code is not valid"),
    "missing_claims": Problem(400, "The provider did not send what is needed"),
    "password_not_available": Problem(400, "The account has no password"),
    "organization_required": Problem(400, "An organization must be named"),
    "client_required": Problem(400, "A client must be named"),
    "invalid_credentials": Problem(401, "E-mail or password is wrong"),
    "not_authenticated": Problem(401, "Authentication is required"),
    "token_not_bound": Problem(401, "The token was not issued to this application"),
    "refresh_token_invalid": Problem(401, "The refresh token is not valid"),
    "api_key_invalid": Problem(401, "The API key is not valid"),
    "unknown_client": Problem(401, "The client is not known"),
    "malformed": Problem(401, "The token is malformed"),
    "too_large": Problem(401, "The token is too large"),
    "algorithm_not_allowed": Problem(401, "The token's algorithm is not allowed"),
    "unknown_key": Problem(401, "The token's key is not known"),
    "bad_signature": Problem(401, "The token's signature is wrong"),
    "expired": Problem(401, "The token has expired"),
    "not_yet_valid": Problem(401, "The token is not valid yet"),
    "wrong_issuer": Problem(401, "The token is from another issuer"),
    "wrong_audience": Problem(401, "The token is for another audience"),
    "wrong_type": Problem(401, "The token is of another type"),
    "missing_claim": Problem(401, "The token lacks a claim"),
    "email_unverified": Problem(401, "The token's e-mail is not verified"),
    "revoked": Problem(401, "The token was revoked"),
    "blocked": Problem(401, "The user is blocked"),
    "forbidden": Problem(403, "Not allowed"),
    "account_pending": Problem(403, "The account waits for approval"),
    "account_suspended": Problem(403, "The account is suspended"),
    "signup_disabled": Problem(403, "Registration is closed"),
    "email_not_verified": Problem(403, "The e-mail address is not verified"),
    "password_login_disabled": Problem(403, "Sign-in by password is disabled"),
    "fresh_sign_in_required": Problem(403, "A fresh sign-in is required"),
    "key_cannot_make_keys": Problem(403, "A key cannot make keys"),
    "link_requires_sign_in": Problem(403, "Sign in first to link"),
    "not_found": Problem(404, "Not found"),
    "method_not_allowed": Problem(405, "Method not allowed"),
    "email_taken": Problem(409, "The e-mail address is taken"),
    "email_already_linked": Problem(409, "The e-mail address is linked already"),
    "link_confirmation_required": Problem(409, "The link must be confirmed"),
    "last_way_in": Problem(409, "The last way to sign in"),
    "in_use": Problem(409, "In use"),
    "pool_not_hosted": Problem(409, "The pool is not hosted"),
    "pool_kind_fixed": Problem(409, "The pool's kind is fixed"),
    "body_too_large": Problem(413, "The body is too large"),
    "unsupported_media_type": Problem(415, "The media type is not supported"),
    "throttled": Problem(429, "Too many requests"),
    "provider_error": Problem(502, "The provider's answer is not usable"),
    "provider_unreachable": Problem(503, "The provider cannot be reached"),
    "keys_unavailable": Problem(503, "The keys cannot be had"),
}
# Codes that only the redirect of a callback carries.
CALLBACK_ONLY = frozenset({"state_invalid", "state_expired", "provider_refused", "provider_unavailable"})
# A fault of ours, outside the contract: nobody can do anything but report the request id.
FAULT = Problem(500, "Something went wrong on our side")


class BodyTooLarge(Exception):
    problem = True
    code = "body_too_large"
    detail = "Send at most 64 KiB."


def answer(
    code: str,
    detail: str,
    *,
    request: HttpRequest | None,
    errors: Any = None,
    retry_after: int | None = None,
    challenge: str = "Bearer",
    more: dict[str, Any] | None = None,
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
    body |= more or {}
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
    if isinstance(error, RequestDataTooBig):
        error = BodyTooLarge()
    if getattr(error, "problem", False):
        return _of_ours(error, request)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.APIException):
        return _of_framework(error, request)
    return None


def _of_ours(error: Any, request: HttpRequest) -> HttpResponse:
    code = str(error.code)
    log.info("refused", extra={"code": code, "path": request.path})
    response = answer(
        code,
        str(error.detail),
        request=request,
        errors=getattr(error, "errors", None),
        retry_after=getattr(error, "retry_after", None),
        challenge=getattr(error, "challenge", "Bearer"),
        more=getattr(error, "members", None),
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
        return {str(name): _messages(value) for name, value in detail.items()}
    return {"non_field_errors": _messages(detail)}


def _messages(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _messages(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_messages(each) if isinstance(each, dict) else str(each) for each in value]
    return [str(value)]
