"""The way in for an administrator when nothing else works: a one-time address, made at the command line.

Whoever can run commands on the server owns it anyway. The address signs in once, for ten minutes; the page asks for a
click, so that link scanners do not use it up; a newer one cancels it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from fairlead import client
from fairlead.audit.events import Event, record
from fairlead.conf import conf
from fairlead.credentials.secrets import digest, mint
from fairlead.web import rate_limits
from oidc_login import people
from oidc_login.models import SignInLink
from oidc_login.people import Person

PREFIX = "flo"
LIFETIME = timedelta(minutes=10)


def make(user: Person, *, now: datetime) -> str:
    """The address that signs this active person in, once. Earlier ones stop working."""
    minted = mint(PREFIX)
    with transaction.atomic():
        SignInLink.objects.filter(user=user, used_at=None).update(used_at=now)
        SignInLink.objects.create(digest=minted.digest, user=user, created_at=now, expires_at=now + LIFETIME)
        record(Event.SIGN_IN_LINK_MADE, subject=user, by="command")
    return f"{conf().origin}/signin-link?token={minted.plaintext}"


@method_decorator([never_cache, sensitive_post_parameters("token")], name="dispatch")
class SignInLinkPage(View):
    """Asks for a click, then signs in. Works also where sign-in by password is off."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(token=request.GET.get("token", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            rate_limits.hit("signin-link", client.network(request), times=30, seconds=60)
            row = SignInLink.consume(digest(request.POST.get("token", "")), now=timezone.now())
            if row is None:
                return self._show(
                    status=400, refused="This address was used, has expired, or was replaced by a newer one."
                )
            people.sign_in_by_link(request, row.user)
        except people.REFUSALS as refused:
            status = 429 if refused.retry_after else 403
            return rate_limits.retry_later(self._show(status=status, refused=refused.detail), refused)
        return HttpResponseRedirect("/admin/" if row.user.is_staff else "/account")

    def _show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, "oidc_login/signin_link.html", context, status=status)
