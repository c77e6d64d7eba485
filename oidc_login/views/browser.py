"""The browser's part of a sign-in: `initiate` sends it to the provider, `callback` receives it back, both by 302."""

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead import metrics, request_id
from fairlead.audit import refusals
from fairlead.conf import conf
from fairlead.idtokens import waiting
from fairlead.people import people
from fairlead.refusal import Refused
from fairlead.web import framework_refusals, outages, problem_page, rate_limits
from fairlead.web.views import SignInApi
from oidc_login import link_tickets, origins, providers, schema
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow import browser_binding, callback, provider_client
from oidc_login.flow.authorization_request import Parameters, Purpose, Restart
from oidc_login.models import AuthorizationRequest
from oidc_login.views import answers


class _Step(SignInApi):
    """A browser is here, with a person before it. Its GETs use up what is there once, so scanners and previews, which
    ask by HEAD, are told 405."""

    http_method_names = ("get", "options")
    reads_session = True

    @staticmethod
    def unavailable(request: HttpRequest) -> HttpResponse | None:
        """Where the database is away: to the front end, which has a page without it. None: only we could tell."""
        if conf().frontend_url == conf().origin:
            return None
        query = {"error": str(Code.UNAVAILABLE), "error_id": request_id.of(request)}
        return answers.with_query(origins.sign_in_page(conf().frontend_url), query)

    def handle_exception(self, exc: Exception) -> Response:
        problem = super().handle_exception(exc)
        if isinstance(exc, waiting.Busy) and "text/html" in self.request.headers.get("Accept", ""):
            # Nothing was used up: reloading this very address is what helps.
            return outages.page(self.request._request, exc.detail, retry_after=exc.retry_after)  # type: ignore[return-value]
        return problem


class Initiate(_Step):
    """Begin a sign-in: 302 to the provider, with state, nonce and PKCE. Always means sign in; it links nothing."""

    permission_classes = (AllowAny,)
    throttle_classes = (rate_limits.per_network("initiate", "rate_limit_initiate"),)
    may_be_put_back = True

    @schema.initiate
    def get(self, request: Request) -> HttpResponse:
        plain = request._request
        ends_at = origins.end_of_sign_in(_once(plain, "return_to"))
        redirect = origins.safe_target(_once(plain, "redirect") or "/", ends_at=ends_at)
        if ticket := _once(plain, "link"):
            return _begin_link(plain, ticket, redirect=redirect, ends_at=ends_at)
        parameters = Parameters(ends_at=ends_at, redirect=redirect, code_challenge=_challenge(plain))
        provider = providers.chosen(_once(plain, "provider"))
        provider_client.wait_for_metadata(provider)
        try:
            return answers.to_provider(plain, provider=provider, parameters=parameters)
        except LoginRefused as refused:
            metrics.count_sign_in("provider", provider=provider.slug, code=refused.code)
            return answers.to_sign_in_page(plain, refused, ends_at=ends_at, provider=provider.id)

    def handle_exception(self, exc: Exception) -> Response:
        """A browser is led to the sign-in page, which says what to do; nobody who navigates is shown a document."""
        problem = super().handle_exception(exc)
        plain = self.request._request
        refused = exc if isinstance(exc, Refused) else framework_refusals.of(exc, plain)
        if refused is None or isinstance(exc, waiting.Busy) or not problem_page.navigates(plain):
            return problem
        query = {"error": str(refused.code), "error_id": refusals.refused_by(refused, request=plain)}
        return answers.with_query(origins.sign_in_page(conf().origin), query)  # type: ignore[return-value]


class Callback(_Step):
    """The provider sends the browser back: 302 to /login where the sign-in ends, with a code or with an error."""

    permission_classes = (AllowAny,)
    may_be_put_back = True

    @schema.callback
    def get(self, request: Request) -> HttpResponse:
        plain = request._request
        try:
            completed = callback.complete(plain)
        except Restart as restart:
            return _again(plain, restart)
        except LoginRefused as refused:
            metrics.count_sign_in("provider", code=refused.code)
            return answers.to_sign_in_page(plain, refused, ends_at=refused.ends_at or conf().frontend_url)
        begun, provisioned = completed.authorization_request, completed.provisioned
        if begun.purpose != Purpose.DRY_RUN:
            method = "linking" if begun.purpose == Purpose.LINK else "provider"
            code = completed.refused.code if completed.refused else "ok"
            metrics.count_sign_in(method, provider=providers.slug(begun.provider), code=code)
        if completed.refused is not None:
            return answers.to_sign_in_page(plain, completed.refused, ends_at=begun.ends_at, provider=begun.provider)
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


def _begin_link(request: HttpRequest, ticket: str, *, redirect: str, ends_at: str) -> HttpResponse:
    """A link that a person began through the API: the ticket in the address says whose, the browser must be theirs."""
    try:
        row = link_tickets.redeem(ticket, request=request, now=timezone.now())
        provider = providers.by_id(row.provider)
        if provider is None:
            raise LoginRefused("callback.provider_changed")
        parameters = Parameters(
            ends_at=ends_at, redirect=redirect, purpose=Purpose.LINK, user=row.user, session_id=row.session_id
        )
        return answers.to_provider(request, provider=provider, parameters=parameters)
    except LoginRefused as refused:
        return answers.to_sign_in_page(request, refused, ends_at=ends_at)


def _linked(request: HttpRequest, begun: AuthorizationRequest) -> HttpResponse:
    """Back to where the link was begun. Nobody is signed in by it."""
    provider = providers.by_id(begun.provider)
    text = gettext("The provider is linked to your account now.")
    if provider:
        text = gettext("{name} is linked to your account now.").format(name=provider.name)
    messages.success(request, text, fail_silently=True)
    target = origins.safe_target(begun.redirect, ends_at=begun.ends_at)
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
        return answers.to_sign_in_page(request, refused, ends_at=restart.parameters.ends_at)


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
