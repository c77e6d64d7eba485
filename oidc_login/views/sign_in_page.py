"""What this app adds to the sign-in page: providers' buttons, the code of a callback, refusals, the password to link.

The page itself is fairlead.web's, or that of an app which adds a form to it.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from fairlead import causes, client, request_id
from fairlead.audit import refusals
from fairlead.conf import conf
from fairlead.people import people
from fairlead.person_refusals import PersonRefused
from fairlead.refusal import Refused
from fairlead.web import rate_limits, sign_ins
from fairlead.web.problem_page import Page
from fairlead.web.rate_limits import RateLimited
from fairlead.web.redirects import asked_for
from oidc_login import origins, providers
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow import redemption
from oidc_login.flow.redemption import RedeemedCode
from oidc_login.views import answers

_NOTICES = {
    "password_removed": gettext_noop(
        "The password that this account had was removed, because whoever chose it never proved that "
        "the e-mail address is theirs. You may set a new one here."
    ),
}


class Step:
    """A code from the callback is redeemed on the sign-in page; an error is explained there."""

    def before(self, request: HttpRequest) -> HttpResponse | None:
        # HEAD arrives here too: link scanners and previews must not use up the code.
        if request.method == "GET" and "code" in request.GET:
            return _redeem(request, request.GET.get("code", ""))
        if request.GET.get("error") == Code.LINK_CONFIRMATION_REQUIRED and request.GET.get("link_code"):
            return _ask(request, request.GET["link_code"])
        return None

    def context(self, request: HttpRequest) -> dict[str, Any]:
        query = request.GET
        # It began on this page, so it ends here, wherever FRONTEND_URL is.
        asked = {"return_to": conf().origin}
        if wanted := asked_for(request):
            asked["redirect"] = wanted
        # Whole: who came by another name of this host has to come back with the cookie that begins there.
        path = providers.initiate_path
        context: dict[str, Any] = {
            "providers": [
                {"name": each.name, "initiate_url": f"{conf().origin}{path(provider=each.slug, **asked)}"}
                for each in providers.available()
            ]
        }
        if message := _told(query):
            context["notice"] = {"message": message, "error_id": _error_id(query)}
        return context


step = Step()


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class LinkPage(Page):
    """The form that asks for the account's password once, to link a provider to it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        link_code = request.POST.get("link_code", "")
        try:
            rate_limits.hit("link", client.network(request), "rate_limit_exchange")
            with sign_ins.counted("linking"):
                redeemed = redemption.by_link_code(
                    link_code, password=request.POST.get("password", ""), request=request, now=timezone.now()
                )
        except LoginRefused as refused:
            return _refused(request, refused)
        except (PersonRefused, RateLimited) as refused:
            refusals.refused_by(refused, request=request)
            return _ask(request, link_code, error=refused)
        return _open_session(request, redeemed)


def _redeem(request: HttpRequest, code: str) -> HttpResponse:
    try:
        with sign_ins.counted("exchange"):
            redeemed = redemption.by_exchange_code(code, request=request, now=timezone.now())
    except LoginRefused as refused:
        return _refused(request, refused)
    return _open_session(request, redeemed)


def _open_session(request: HttpRequest, redeemed: RedeemedCode) -> HttpResponse:
    """Sign the browser in and go where the person wanted to go, as it was stored when the sign-in began."""
    try:
        target = origins.safe_target(redeemed.redirect, ends_at=conf().origin)
        people().sign_in(request, redeemed.user, provider=redeemed.provider, sid=redeemed.sid)
    except (LoginRefused, PersonRefused) as refused:
        return _refused(request, refused)
    for notice in redeemed.notices:
        messages.warning(request, gettext(_NOTICES[notice]), fail_silently=True)
    # Somebody who is told something is shown it first: the page they wanted may not show messages.
    return HttpResponseRedirect(origins.landing("/" if redeemed.notices else target))


def _ask(request: HttpRequest, link_code: str, *, error: PersonRefused | RateLimited | None = None) -> HttpResponse:
    context = {
        "message": causes.told(Code.LINK_CONFIRMATION_REQUIRED),
        "link_code": link_code,
        "error": error,
        "error_id": _error_id(request.GET),
    }
    status = 200
    if error is not None:
        status = 429 if error.retry_after else 400
    return rate_limits.retry_later(render(request, "oidc_login/link.html", context, status=status), error)


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """This page is our own, so the refusal is shown here, wherever the sign-in was to end."""
    if isinstance(refused, LoginRefused):
        return answers.to_sign_in_page(request, refused, ends_at=conf().origin)
    query = {"error": str(refused.code), "error_id": refusals.refused_by(refused, request=request)}
    return answers.with_query(origins.own_sign_in_page(), query)


def _told(query: QueryDict) -> causes.Message | None:
    """What stands in the address, in words: None for a text that is no code of ours.

    The address is anybody's to write, so only known words go from it into the page.
    """
    if (code := query.get("error", "")) not in causes.PERSON:
        return None
    missing = tuple(name for name in query.get("missing", "").split(",") if name in {"sub", "email"})
    return causes.told(code, missing=missing)


def _error_id(query: QueryDict) -> str:
    error_id = query.get("error_id", "")
    return error_id if request_id.well_formed(error_id) else ""
