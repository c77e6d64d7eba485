"""The browser's part of the trip: `initiate` sends it to the provider, `callback` receives it back. Both answer 302."""

import logging
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from fairlead.conf import conf
from fairlead.web import rate_limits
from fairlead.web.views import Api
from oidc_login import identities, people, providers
from oidc_login.admin import dry_run_report
from oidc_login.codes import Code
from oidc_login.errors import LinkConfirmation, LoginRefused
from oidc_login.flow import authorization_request, browser_binding, callback, provider_client
from oidc_login.flow.authorization_request import Restart, Wish
from oidc_login.flow.dry_run import Seen
from oidc_login.models import LoginAttempt
from oidc_login.origins import safe_target
from oidc_login.providers import ProviderConfig, chosen

log = logging.getLogger(__name__)


class Initiate(Api):
    """Begin a sign-in: 302 to the provider, with state, nonce and PKCE. Always means sign in; it links nothing."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rate_limits.per_network("initiate", 30, 60),)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "redirect", str, description="Where to go afterwards: a path, or an address of this site."
            ),
            OpenApiParameter("provider", str, description="The provider's slug; the default one if left out."),
            OpenApiParameter("link", str, description="Ticket of POST /api/auth/identities/link."),
            OpenApiParameter("code_challenge", str, description="PKCE S256 challenge for a single-page or mobile app."),
        ],
        responses={302: OpenApiResponse(description="To the provider, or to /login with `error`.")},
    )
    def get(self, request: Request) -> HttpResponse:
        plain = request._request
        redirect = safe_target(_once(plain, "redirect") or "/")
        if ticket := _once(plain, "link"):
            return _begin_link(plain, ticket, redirect=redirect)
        wish = Wish(redirect=redirect, code_challenge=_challenge(plain))
        provider = chosen(_once(plain, "provider"))
        try:
            return depart(plain, provider=provider, wish=wish)
        except LoginRefused as refused:
            return to_login(plain, refused)


class Callback(Api):
    """The provider sends the browser back: 302 to the front end's /login with a code, or with an error."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()

    @extend_schema(
        parameters=[
            OpenApiParameter("code", str, description="The provider's authorization code."),
            OpenApiParameter("state", str, description="The state that `initiate` sent."),
            OpenApiParameter("iss", str, description="The provider's issuer (RFC 9207)."),
        ],
        responses={
            302: OpenApiResponse(description="To `{FRONTEND_URL}/login` with `code` and `redirect`, or `error`.")
        },
    )
    def get(self, request: Request) -> HttpResponse:
        plain = request._request
        try:
            attempt, ended = callback.finish(plain)
        except Restart as restart:
            return _again(plain, restart)
        except LoginRefused as refused:
            return to_login(plain, refused)
        if isinstance(ended, Seen):
            return dry_run_report.show(plain, attempt=attempt, seen=ended)
        if attempt.purpose == LoginAttempt.Purpose.LINK:
            return linked(plain, attempt)
        people.forget_somebody_else(plain, ended.user)
        return _redirect(f"{conf().frontend_url}/login", {"code": ended.code, "redirect": attempt.redirect})


def depart(request: HttpRequest, *, provider: ProviderConfig, wish: Wish) -> HttpResponse:
    """The answer that sends the browser to the provider. Raises LoginRefused when the provider cannot be used."""
    browser = browser_binding.ensure(request)
    metadata = provider_client.metadata(provider)
    response = HttpResponseRedirect(
        authorization_request.begin(provider, metadata=metadata, browser=browser, wish=wish)
    )
    browser_binding.set_cookie(response, browser)
    response["Cache-Control"] = "no-store"
    return response


def depart_from_page(request: HttpRequest, *, provider: ProviderConfig, wish: Wish) -> HttpResponse:
    """The same for a form of our own pages. Browsers hold the redirect of a form to our policy for forms, which allows
    this site alone; so a page leads on, by itself and with a link."""
    departure = depart(request, provider=provider, wish=wish)
    context = {"address": departure["Location"], "provider": provider}
    response = render(request, "oidc_login/departure.html", context)
    response.cookies = departure.cookies
    response["Cache-Control"] = "no-store"
    return response


def _begin_link(request: HttpRequest, ticket: str, *, redirect: str) -> HttpResponse:
    """A link that a person began through the API: the ticket in the address says whose, the browser must be theirs."""
    try:
        row = identities.redeem_ticket(ticket, request=request, now=timezone.now())
        wish = Wish(redirect=redirect, purpose=LoginAttempt.Purpose.LINK, user=row.user, session_id=row.session_id)
        return depart(request, provider=chosen(row.provider), wish=wish)
    except LoginRefused as refused:
        return to_login(request, refused)


def linked(request: HttpRequest, attempt: LoginAttempt) -> HttpResponse:
    """Back to where the link was begun. Nobody is signed in by it."""
    provider = providers.find(attempt.provider)
    messages.success(request, f"{provider.name if provider else 'The provider'} is linked to your account now.")
    target = safe_target(attempt.redirect)
    return HttpResponseRedirect(f"{conf().frontend_url}{target}" if target.startswith("/") else target)


def to_login(request: HttpRequest, refused: LoginRefused) -> HttpResponse:
    """Tell the person on the front end's sign-in page, and the log why."""
    log.info("sign-in refused", extra={"code": str(refused.code), "cause": refused.cause})
    parameters = {"error": str(refused.code), "error_id": getattr(request, "request_id", "")}
    if refused.missing:
        parameters["missing"] = ",".join(refused.missing)
    if isinstance(refused, LinkConfirmation):
        parameters["link_code"] = refused.link_code
    return _redirect(f"{conf().frontend_url}/login", parameters)


def _redirect(address: str, parameters: dict[str, str]) -> HttpResponse:
    response = HttpResponseRedirect(f"{address}?{urlencode(parameters)}")
    response["Cache-Control"] = "no-store"
    return response


def _again(request: HttpRequest, restart: Restart) -> HttpResponse:
    """A genuine state that came too late: once more to the provider, where the person is signed in by now."""
    dry = restart.wish.purpose == LoginAttempt.Purpose.DRY_RUN
    provider = (providers.configured if dry else providers.find)(restart.provider)
    try:
        if provider is None:
            raise LoginRefused(Code.PROVIDER_UNAVAILABLE)
        return depart(request, provider=provider, wish=restart.wish)
    except LoginRefused as refused:
        return to_login(request, refused)


def _once(request: HttpRequest, name: str) -> str:
    values = request.GET.getlist(name)
    if len(values) > 1:
        raise LoginRefused(Code.INVALID_REQUEST, cause=f"{name} is repeated")
    return values[0] if values else ""


def _challenge(request: HttpRequest) -> str:
    challenge = _once(request, "code_challenge")
    if _once(request, "code_challenge_method") not in {"", "S256"}:
        raise LoginRefused(Code.INVALID_REQUEST, cause="code_challenge_method is not S256")
    if "code_challenge" in request.GET and not browser_binding.is_challenge(challenge):
        raise LoginRefused(Code.INVALID_REQUEST, cause="code_challenge is not 43 base64url characters")
    return challenge
