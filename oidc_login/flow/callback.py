"""The callback: a browser comes back from its provider with an authorization response. Read `complete` downwards."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from oidc_login import identities, origins, providers
from oidc_login.backends import AuthorizationResponse, ProviderBackend
from oidc_login.errors import LoginRefused
from oidc_login.flow import (
    authorization_request,
    claims,
    dry_run,
    other_backends,
    pictures,
    provider_client,
    provider_faults,
)
from oidc_login.flow.authorization_request import Purpose
from oidc_login.flow.dry_run import Report
from oidc_login.flow.exchange_codes import CodeBinding
from oidc_login.flow.provisioning import Provisioned, provision
from oidc_login.models import AuthorizationRequest
from oidc_login.providers import ProviderConfig

_LONGEST = 4096  # characters of a parameter; codes of some providers are signed documents


@dataclass(frozen=True, kw_only=True)
class Completed:
    """How a callback ended: somebody may come in, a link was made, an administrator looked on (`report`), or not."""

    authorization_request: AuthorizationRequest
    refused: LoginRefused | None = None
    provisioned: Provisioned | None = None
    report: Report | None = None


def complete(request: HttpRequest) -> Completed:
    """Raises LoginRefused for a state that cannot be used, authorization_request.Restart for one that came late, and
    Busy where too many wait for the provider."""
    state = _single(request, "state", refusal="callback.state_malformed")
    # Before the state is used up: whoever finds no place reloads, and comes again with the same state. What will be
    # refused without asking a provider takes nobody's place.
    provider = authorization_request.provider_of(state, request=request)
    with provider_client.place(provider) if provider else nullcontext():
        return _complete(state, request=request)


def _complete(state: str, *, request: HttpRequest) -> Completed:
    now = timezone.now()
    begun = authorization_request.consume(state, request=request, now=now)
    try:
        origins.require_listed(begun.ends_at)
        person = _require_who_began(begun, request=request)
        if begun.purpose == Purpose.DRY_RUN:
            return Completed(authorization_request=begun, report=_try_out(begun, request=request, now=now))
        provisioned = _sign_in(begun, person=person, request=request, now=now)
    except LoginRefused as refused:
        return Completed(authorization_request=begun, refused=refused)
    return Completed(authorization_request=begun, provisioned=provisioned)


def _sign_in(begun: AuthorizationRequest, *, person: Any, request: HttpRequest, now: datetime) -> Provisioned:
    """From the authorization response to the exchange code, or to the link."""
    provider = _provider(begun)
    response = _validate_response(request, begun=begun, provider=provider, now=now)
    said = ProviderBackend(response).redeem(request)  # token request, ID token, userinfo
    external = claims.read(said.id_token, said.userinfo, trust_email=provider.trust_email)
    other_backends.ask(external, request=request)
    if begun.purpose == Purpose.LINK:
        identity = identities.link(external, user=person, provider=provider, request=request)
        provisioned = Provisioned(user=person, identity=identity)
    else:
        binding = CodeBinding.of(begun)
        provisioned = provision(external, provider=provider, binding=binding, request=request, now=now)
    # Outside the transaction that ended with the exchange code; bounded, and never fatal.
    pictures.look(provisioned.identity, user=provisioned.user, picture=external.picture, now=now)
    return provisioned


def _require_who_began(begun: AuthorizationRequest, *, request: HttpRequest) -> Any:
    """The person a link is for, still signed in here; for a sign-in nobody in particular."""
    if begun.purpose == Purpose.DRY_RUN:
        return dry_run.require_administrator(begun, request=request)
    return identities.require_same_person(begun, request=request) if begun.purpose == Purpose.LINK else None


def _try_out(begun: AuthorizationRequest, *, request: HttpRequest, now: datetime) -> Report:
    """The same way, up to the door: nobody is let in."""
    try:
        provider = _provider(begun)
        response = _validate_response(request, begun=begun, provider=provider, now=now)
        said = ProviderBackend(response).redeem(request)
        return dry_run.look(said, provider=provider, request=request)
    except LoginRefused as refused:
        return Report(refused=refused)


def _provider(begun: AuthorizationRequest) -> ProviderConfig:
    """As it was when the request began. A dry run is for a provider that nobody may use yet."""
    provider = providers.by_id(begun.provider, enabled_only=begun.purpose != Purpose.DRY_RUN)
    if provider is None or (provider.issuer, provider.client_id) != (begun.issuer, begun.client_id):
        raise LoginRefused("callback.provider_changed")
    return provider


def _validate_response(
    request: HttpRequest, *, begun: AuthorizationRequest, provider: ProviderConfig, now: datetime
) -> AuthorizationResponse:
    """The authorization response: of this issuer, no error, one code.

    A response of another issuer means that the browser was led from one provider to another (mix-up, RFC 9207): its
    code must go nowhere.
    """
    metadata = provider_client.metadata(provider)
    issuer = _single(request, "iss", refusal="callback.parameter_malformed")
    if issuer and issuer != provider.issuer:
        raise LoginRefused("callback.other_issuer", issuer=provider.issuer)
    if not issuer and metadata.authorization_response_iss_parameter_supported:
        raise LoginRefused("callback.issuer_missing")
    if "error" in request.GET:
        raise provider_faults.of_response(request.GET["error"], provider=provider)
    if not _single(request, "code", refusal="callback.parameter_malformed"):
        raise LoginRefused("callback.code_missing")
    return AuthorizationResponse(
        provider=provider, metadata=metadata, nonce=begun.nonce, code_verifier=begun.code_verifier, received_at=now
    )


def _single(request: HttpRequest, name: str, *, refusal: str) -> str:
    values = request.GET.getlist(name)
    if len(values) > 1 or any(len(value) > _LONGEST or not value.isprintable() for value in values):
        raise LoginRefused(refusal, parameter=name)
    return values[0] if values else ""
