"""The browser's part of a sign-in: `initiate` sends it to the provider, `callback` receives it back, both by 302."""

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from fairlead.people import people
from fairlead.web import rate_limits
from fairlead.web.views import Api
from oidc_login import link_tickets, origins, providers
from oidc_login.errors import LoginRefused
from oidc_login.flow import browser_binding, callback
from oidc_login.flow.authorization_request import Parameters, Purpose, Restart
from oidc_login.models import AuthorizationRequest
from oidc_login.views import answers


class Initiate(Api):
    """Begin a sign-in: 302 to the provider, with state, nonce and PKCE. Always means sign in; it links nothing."""

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
        redirect = origins.safe_target(_once(plain, "redirect") or "/")
        if ticket := _once(plain, "link"):
            return _begin_link(plain, ticket, redirect=redirect)
        parameters = Parameters(redirect=redirect, code_challenge=_challenge(plain))
        provider = providers.chosen(_once(plain, "provider"))
        try:
            return answers.to_provider(plain, provider=provider, parameters=parameters)
        except LoginRefused as refused:
            return answers.to_sign_in_page(plain, refused)


class Callback(Api):
    """The provider sends the browser back: 302 to the front end's /login with a code, or with an error."""

    permission_classes = (AllowAny,)

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
            completed = callback.complete(plain)
        except Restart as restart:
            return _again(plain, restart)
        except LoginRefused as refused:
            return answers.to_sign_in_page(plain, refused)
        begun, provisioned = completed.authorization_request, completed.provisioned
        if completed.report is not None:
            # Begun in the admin, so it is there. A site without an admin must not import it.
            from oidc_login.admin import dry_run

            return dry_run.show(plain, begun=begun, report=completed.report)
        if provisioned is None or begun.purpose == Purpose.LINK:
            return _linked(plain, begun)
        if plain.session.get(SESSION_KEY) not in {None, str(provisioned.user.pk)}:
            # Somebody else's session in this browser ends now, not only when the code is redeemed.
            people().sign_out(plain)
        query = {"code": provisioned.code, "redirect": begun.redirect}
        return answers.with_query(origins.sign_in_page(begun.ends_at), query)


def _begin_link(request: HttpRequest, ticket: str, *, redirect: str) -> HttpResponse:
    """A link that a person began through the API: the ticket in the address says whose, the browser must be theirs."""
    try:
        row = link_tickets.redeem(ticket, request=request, now=timezone.now())
        provider = providers.by_id(row.provider)
        if provider is None:
            raise LoginRefused("callback.provider_changed")
        parameters = Parameters(redirect=redirect, purpose=Purpose.LINK, user=row.user, session_id=row.session_id)
        return answers.to_provider(request, provider=provider, parameters=parameters)
    except LoginRefused as refused:
        return answers.to_sign_in_page(request, refused)


def _linked(request: HttpRequest, begun: AuthorizationRequest) -> HttpResponse:
    """Back to where the link was begun. Nobody is signed in by it."""
    provider = providers.by_id(begun.provider)
    text = f"{provider.name if provider else 'The provider'} is linked to your account now."
    messages.success(request, text, fail_silently=True)
    target = origins.safe_target(begun.redirect)
    return HttpResponseRedirect(f"{begun.ends_at}{target}" if target.startswith("/") else target)


def _again(request: HttpRequest, restart: Restart) -> HttpResponse:
    """A genuine state that came too late: once more to the provider, where the person is signed in by now."""
    enabled_only = restart.parameters.purpose != Purpose.DRY_RUN
    try:
        provider = providers.by_id(restart.provider, enabled_only=enabled_only)
        if provider is None:
            raise LoginRefused("callback.provider_changed")
        return answers.to_provider(request, provider=provider, parameters=restart.parameters)
    except LoginRefused as refused:
        return answers.to_sign_in_page(request, refused)


def _once(request: HttpRequest, name: str) -> str:
    values = request.GET.getlist(name)
    if len(values) > 1:
        raise LoginRefused("request.malformed", parameter=name)
    return values[0] if values else ""


def _challenge(request: HttpRequest) -> str:
    challenge = _once(request, "code_challenge")
    if _once(request, "code_challenge_method") not in {"", "S256"}:
        raise LoginRefused("request.malformed", parameter="code_challenge_method")
    if "code_challenge" in request.GET and not browser_binding.is_challenge(challenge):
        raise LoginRefused("request.malformed", parameter="code_challenge")
    return challenge
