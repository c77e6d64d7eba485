"""What axes asks us: whose failure it is, who is exempt, what the answer to a locked pair looks like.

The pair of account and address is locked, never the account for everyone: else anybody could lock anybody out.
"""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from fairlead import email_address


def username(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """The canonical e-mail, so that spellings of one address share one count. None: no password was tried."""
    entered = (credentials or {}).get("username")
    if not isinstance(entered, str) or not entered:
        return None
    try:
        return email_address.canonical(entered)
    except email_address.InvalidAddress:
        return entered[: email_address.MAX_LENGTH]


def exempt(request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    """Sign-ins without a password are not counted: a failure at a provider must not lock anybody."""
    return username(request, credentials) is None


def refused_unheard(request: HttpRequest) -> bool:
    """Whether axes stopped this attempt before the password was looked at."""
    return bool(getattr(request, "axes_locked_out", False)) and request.axes_failures_since_start is None  # type: ignore[attr-defined]


def retry_after(request: HttpRequest, entered: str) -> int:
    """Seconds until the pair of this account and this address may try again."""
    AxesProxyHandler.update_request(request)  # type: ignore[no-untyped-call]
    address = request.axes_ip_address  # type: ignore[attr-defined]
    latest = (
        AccessAttempt.objects.filter(username=username(request, {"username": entered}), ip_address=address)
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    cool_off = int(settings.AXES_COOLOFF_TIME * 3600)
    if latest is None:
        return cool_off
    return max(1, cool_off - int((timezone.now() - latest).total_seconds()))


def response(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The view has answered already, with its own refusal or with 429. Without an answer nothing is let through."""
    return original if original is not None else HttpResponse(status=429)
