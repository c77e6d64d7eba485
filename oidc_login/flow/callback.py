"""The callback from beginning to end: one request of a browser that comes back from its provider.

In order: the state is consumed, the provider must be the one the attempt was for, the answer must be that provider's
(RFC 9207), it must be a success; then the backend exchanges the code, and at last the picture is looked at. A dry run
of an administrator takes the same way and stops before anybody is let in.
"""

import logging
from datetime import datetime

from django.contrib import auth
from django.http import HttpRequest
from django.utils import timezone

from fairlead.idtokens.discovery import ProviderMetadata
from oidc_login import identities, providers
from oidc_login.backends import Trip
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow import authorization_request, dry_run, pictures, provider_client
from oidc_login.flow.dry_run import Seen
from oidc_login.flow.provisioning import Arrival
from oidc_login.models import LoginAttempt
from oidc_login.providers import ProviderConfig

log = logging.getLogger(__name__)
_LONGEST = 4096  # characters of a parameter; codes of some providers are signed documents


def finish(request: HttpRequest) -> tuple[LoginAttempt, Arrival | Seen]:
    """Raises LoginRefused, or attempts.Restart for a genuine state that came late. A dry run returns what it saw."""
    state = _single(request, "state", refusal=Code.STATE_INVALID)
    now = timezone.now()
    attempt = authorization_request.consume(state, request=request, now=now)
    if attempt.purpose == LoginAttempt.Purpose.DRY_RUN:
        dry_run.require_administrator(attempt, request=request)
        try:
            return attempt, _travel(request, attempt=attempt, now=now).seen or Seen()
        except LoginRefused as refused:
            return attempt, Seen(refused=refused)
    if attempt.purpose == LoginAttempt.Purpose.LINK:
        identities.require_same_person(attempt, request=request)
    trip = _travel(request, attempt=attempt, now=now)
    if trip.arrival is None or trip.person is None:
        raise LoginRefused(Code.PROVIDER_ERROR, cause="the login ended without a person")
    pictures.look(trip.arrival.identity, picture=trip.person.picture, now=now)
    return attempt, trip.arrival


def _travel(request: HttpRequest, *, attempt: LoginAttempt, now: datetime) -> Trip:
    """From the provider's answer to what the backend made of it."""
    provider = _pinned(attempt)
    metadata = provider_client.metadata(provider)
    _judge_answer(request, provider=provider, metadata=metadata)
    trip = Trip(provider=provider, metadata=metadata, attempt=attempt, now=now)
    if auth.authenticate(request, trip=trip) is None:
        raise LoginRefused(Code.PROVIDER_ERROR, cause="the login ended without a person")
    return trip


def _pinned(attempt: LoginAttempt) -> ProviderConfig:
    dry = attempt.purpose == LoginAttempt.Purpose.DRY_RUN
    provider = (providers.configured if dry else providers.find)(attempt.provider)
    if provider is None or (provider.issuer, provider.client_id) != (attempt.issuer, attempt.client_id):
        raise LoginRefused(Code.PROVIDER_UNAVAILABLE, cause="removed, disabled or changed since the attempt began")
    return provider


def _judge_answer(request: HttpRequest, *, provider: ProviderConfig, metadata: ProviderMetadata) -> None:
    """The authorization response: of this issuer, no error, one code.

    An answer of another issuer means that the browser was led from one provider to another (mix-up): its code must go
    nowhere.
    """
    issuer = _single(request, "iss", refusal=Code.PROVIDER_ERROR)
    if issuer and issuer != provider.issuer:
        raise LoginRefused(Code.PROVIDER_ERROR, cause="the answer is of another issuer")
    if not issuer and metadata.authorization_response_iss_parameter_supported:
        raise LoginRefused(Code.PROVIDER_ERROR, cause="the answer lacks iss, which the provider's metadata promises")
    if "error" in request.GET:
        raise LoginRefused(Code.PROVIDER_REFUSED, cause="the provider answered with an error")
    if not _single(request, "code", refusal=Code.PROVIDER_ERROR):
        raise LoginRefused(Code.PROVIDER_ERROR, cause="the answer has neither code nor error")


def _single(request: HttpRequest, name: str, *, refusal: Code) -> str:
    values = request.GET.getlist(name)
    if len(values) > 1 or any(len(value) > _LONGEST or not value.isprintable() for value in values):
        raise LoginRefused(refusal, cause=f"{name} is repeated or malformed")
    return values[0] if values else ""
