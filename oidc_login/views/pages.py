"""The end of the trip on our own pages: /login takes a code, says what went wrong, or asks for a password to link.

The page itself is fairlead.web's; this adds the providers' buttons and what a callback brought along.
"""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from fairlead import client
from fairlead.web import rate_limits
from fairlead.web.redirects import safe_path
from oidc_login import people, providers
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow import redemption
from oidc_login.flow.redemption import SignedIn
from oidc_login.messages import explain, of_query
from oidc_login.origins import safe_target

_ERROR_ID = re.compile(r"\A[A-Za-z0-9_-]{8,64}\Z")
_NOTICES = {
    "password_removed": "The password that this account had was removed, because whoever chose it never proved that "
    "the e-mail address is theirs. You may set a new one here.",
}


class Step:
    """What this app adds to `/login`: a code from the callback is redeemed there; an error is explained."""

    def before(self, request: HttpRequest) -> HttpResponse | None:
        # HEAD arrives here too: link scanners and previews must not use up the code.
        if request.method == "GET" and "code" in request.GET:
            return _redeem(request, request.GET.get("code", ""))
        if request.GET.get("error") == Code.LINK_CONFIRMATION_REQUIRED and request.GET.get("link_code"):
            return _ask(request, request.GET["link_code"])
        return None

    def context(self, request: HttpRequest) -> dict[str, Any]:
        query = request.GET
        context: dict[str, Any] = {
            "providers": [
                {"name": each.name, "initiate_url": _initiate(each.slug, request)} for each in providers.available()
            ]
        }
        if message := of_query(query.get("error", ""), missing=query.get("missing", "")):
            context["notice"] = {"message": message, "error_id": _error_id(query)}
        return context


step = Step()


def _redeem(request: HttpRequest, code: str) -> HttpResponse:
    try:
        signed_in = redemption.by_exchange_code(code, request=request, now=timezone.now())
    except LoginRefused as refused:
        return HttpResponseRedirect(f"/login?error={refused.code}&error_id={_request_id(request)}")
    return open_session(request, signed_in)


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class LinkPage(View):
    """The form that asks for the account's password once, to link a provider to it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        link_code = request.POST.get("link_code", "")
        try:
            rate_limits.hit("link", client.network(request), times=30, seconds=60)
            signed_in = redemption.by_link_code(
                link_code, password=request.POST.get("password", ""), request=request, now=timezone.now()
            )
        except LoginRefused as refused:
            return _refused(request, refused)
        except people.REFUSALS as refused:
            return _ask(request, link_code, error=refused)
        return open_session(request, signed_in)


def open_session(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Sign the browser in and go where the person wanted to go, as it was stored when the trip began."""
    try:
        people.sign_in_web(request, signed_in.user, provider=signed_in.provider)
        target = safe_target(signed_in.redirect)
    except LoginRefused as refused:
        return _refused(request, refused)
    except people.REFUSALS as refused:
        return HttpResponseRedirect(f"/login?error={refused.code}&error_id={_request_id(request)}")
    for notice in signed_in.notices:
        messages.warning(request, _NOTICES[notice])
    # Somebody who is told something is shown it first: the page they wanted may not show messages.
    return HttpResponseRedirect("/account" if signed_in.notices else _landing(target))


def _landing(target: str) -> str:
    return "/account" if target == "/" else target


def _ask(request: HttpRequest, link_code: str, *, error: Any = None) -> HttpResponse:
    context = {
        "message": explain(Code.LINK_CONFIRMATION_REQUIRED),
        "link_code": link_code,
        "error": error,
        "error_id": _error_id(request.GET),
    }
    status = 429 if getattr(error, "retry_after", None) else 400 if error else 200
    return rate_limits.retry_later(render(request, "oidc_login/link.html", context, status=status), error)


def _refused(request: HttpRequest, refused: LoginRefused) -> HttpResponse:
    return HttpResponseRedirect(f"/login?error={refused.code}&error_id={_request_id(request)}")


def _initiate(slug: str, request: HttpRequest) -> str:
    query = QueryDict(mutable=True)
    query["provider"] = slug
    if wanted := safe_path(request.GET.get("redirect", "")):
        query["redirect"] = wanted
    return f"/api/auth/oidc/initiate?{query.urlencode(safe='/')}"


def _error_id(query: QueryDict) -> str:
    error_id = query.get("error_id", "")
    return error_id if _ERROR_ID.match(error_id) else ""


def _request_id(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))
