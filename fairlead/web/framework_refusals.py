"""What Django and Django REST framework refuse, in our own terms. Nothing else of a library's text reaches a caller."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from rest_framework import exceptions
from rest_framework.settings import api_settings

from fairlead.refusal import Refused
from fairlead.web import rate_limits

_WHOLE = "non_field_errors"  # whatever NON_FIELD_ERRORS_KEY the project around us has chosen
_NAME = re.compile(r"\A[A-Za-z]\w{0,39}\Z")


class RefusedByFramework(Refused):
    """One of the framework's exceptions. At the doors where people sign in too: nobody was refused as a person."""

    on_record = False

    def __init__(self, code: str, detail: str, *, cause_id: str) -> None:
        super().__init__(detail)
        self.code, self.cause_id = code, cause_id


class FieldsRefused(RefusedByFramework):
    """Fields of a body or a query; `errors` has what is wrong with each."""

    def __init__(self, detail: Any) -> None:
        said = gettext_noop("Correct the fields named in errors and send the request again.")
        super().__init__("invalid_request", said, cause_id="request.fields")
        self.errors = _field_errors(detail)
        # A name that the caller made up is nothing for a log.
        self.facts = {"fields": ",".join(sorted(name for name in self.errors if _NAME.match(name)))}


def of(error: Exception, request: HttpRequest | None = None) -> Refused | None:
    """None for what is no refusal, but a fault."""
    if isinstance(error, exceptions.Throttled):
        return rate_limits.of_framework(error, request)
    if isinstance(error, exceptions.ParseError):
        return RefusedByFramework("invalid_request", str(error.detail), cause_id="request.unreadable")
    if isinstance(error, exceptions.ValidationError):
        return FieldsRefused(error.detail)
    for kinds, (code, detail, cause_id) in _TABLE.items():
        if isinstance(error, kinds):
            return RefusedByFramework(code, detail, cause_id=cause_id)
    if isinstance(error, exceptions.APIException):
        detail = gettext_noop("The request could not be understood.")
        return RefusedByFramework("invalid_request", detail, cause_id="request.unreadable")
    return None


_TABLE: dict[tuple[type[Exception], ...], tuple[str, str, str]] = {
    (exceptions.NotAuthenticated, exceptions.AuthenticationFailed): (
        "not_authenticated",
        gettext_noop("Send a valid credential in the header Authorization: Bearer."),
        "call.no_credential",
    ),
    (exceptions.PermissionDenied, PermissionDenied): (
        "forbidden",
        gettext_noop("This credential does not allow that. Somebody with another role may do it, or change yours."),
        "call.forbidden",
    ),
    (exceptions.NotFound, Http404): (
        "not_found",
        gettext_noop("Nothing with this address or id exists here. Compare it with the list."),
        "call.not_found",
    ),
    (exceptions.MethodNotAllowed,): (
        "method_not_allowed",
        gettext_noop("Use a method named in Allow."),
        "call.method",
    ),
    (exceptions.UnsupportedMediaType,): (
        "unsupported_media_type",
        gettext_noop("Send Content-Type: application/json."),
        "call.media_type",
    ),
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
