"""`/invitation?token=`: the page behind a mailed invitation. Opening it changes nothing, since scanners open links too:
only the click does."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import invitations, policy
from accounts.forms import AcceptInvitationForm, explain, page_status
from accounts.sessions import browser
from fairlead.audit.refusals import refused_by
from fairlead.conf import conf
from fairlead.refusal import Refused
from fairlead.web.codes import TABLE
from fairlead.web.problem_page import Page
from fairlead.web.rate_limits import retry_later

# Whoever has to sign in first comes back without the token in the address: addresses are kept in many places.
_KEPT_FOR = 3600  # seconds


@method_decorator([never_cache, sensitive_post_parameters("token", "password")], name="dispatch")
class InvitationPage(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
        raw_token = request.GET.get("token", "")
        response = self._ask(raw_token or request.COOKIES.get(_cookie(), ""), AcceptInvitationForm())
        if raw_token and response.status_code == 200:
            response.set_cookie(
                _cookie(), raw_token, max_age=_KEPT_FOR, httponly=True, samesite="Lax", secure=conf().on_https
            )
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        raw_token, form = request.POST.get("token", ""), AcceptInvitationForm(request.POST)
        session = browser.session_of(request)
        if session is None and not form.is_valid():
            return self._ask(raw_token, form, status=400)
        try:
            if session is not None:
                accepted = invitations.accept(raw_token, user=session.user, request=request)
            else:
                accepted = invitations.accept_as_new(raw_token, **form.cleaned_data, request=request)
                browser.sign_in(request, accepted.user, method="password")
        except Refused as refused:
            explain(form, refused, request=request)
            return retry_later(self._ask(raw_token, form, status=page_status(refused), on_record=True), refused)
        welcome = gettext("You are a member of {organization} now.")
        messages.success(request, welcome.format(organization=accepted.membership.organization.name))
        response = HttpResponseRedirect(reverse("accounts:account"))
        response.delete_cookie(_cookie())
        return response

    def _ask(self, raw_token: str, form: Any, *, status: int = 200, on_record: bool = False) -> HttpResponse:
        try:
            invitation = invitations.door().look(raw_token)
        except Refused as refused:
            if not on_record:
                refused_by(refused, request=self.request)
            return self._show(refused=gettext(refused.detail), status=TABLE[refused.code].status)
        session = browser.session_of(self.request)
        return self._show(
            token=raw_token,
            invitation=invitation,
            form=form,
            person=session.user if session else None,
            theirs=session is not None and session.user.email_canonical == invitation.email_canonical,
            has_account=invitations.account_of(invitation) is not None,
            password_allowed=policy.password_sign_in_allowed(),
            status=status,
        )

    def _show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, "accounts/invitation.html", context, status=status)


def _cookie() -> str:
    return "__Host-fairlead-invitation" if conf().on_https else "fairlead-invitation"
