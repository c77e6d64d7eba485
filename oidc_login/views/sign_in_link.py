"""The page behind a one-time sign-in address. It asks for a click, so that link scanners do not use the address up."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from fairlead import client, metrics
from fairlead.audit import refusals
from fairlead.causes import cause
from fairlead.people import people
from fairlead.person_refusals import PersonRefused
from fairlead.web import rate_limits
from fairlead.web.problem_page import Page
from fairlead.web.rate_limits import RateLimited
from oidc_login import origins
from oidc_login.flow import sign_in_links


@method_decorator([never_cache, sensitive_post_parameters("token")], name="dispatch")
class SignInLinkPage(Page):
    """Works also where sign-in by password is off."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(token=request.GET.get("token", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            rate_limits.hit("signin-link", client.network(request), "rate_limit_exchange")
            user = sign_in_links.use(request.POST.get("token", ""), request=request, now=timezone.now())
        except (PersonRefused, RateLimited) as refused:
            metrics.count_sign_in("link", code=str(refused.code))
            refusals.refused_by(refused, request=request)
            status = 429 if refused.retry_after else 403
            return rate_limits.retry_later(self._show(status=status, refused=gettext(refused.detail)), refused)
        metrics.count_sign_in("link", code="exchange_code_invalid" if user is None else "ok")
        if user is None:
            refusals.refused(cause("sign_in_link.unknown"), request=request)
            return self._show(
                status=400, refused=gettext("This address was used, has expired, or was replaced by a newer one.")
            )
        return HttpResponseRedirect(_landing(is_staff=people().state(user).is_staff))

    def _show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, "oidc_login/signin_link.html", context, status=status)


def _landing(*, is_staff: bool) -> str:
    """An administrator's way leads to the administration, where the site has one."""
    try:
        return reverse("admin:index") if is_staff else origins.landing("/")
    except NoReverseMatch:
        return origins.landing("/")
