"""Pages behind the links that were mailed about an address. Opening one changes nothing, since scanners open links too:
only the click does."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import policy
from accounts.email import address_change, verification
from accounts.email.links import LinkInvalid
from accounts.errors import SignInToVerify
from accounts.forms import VerifyForm, explain, page_status
from accounts.models import MailedLink
from accounts.passwords import reset
from accounts.sessions import browser
from fairlead.audit.refusals import refused_by
from fairlead.refusal import Refused
from fairlead.web.problem_page import Page
from fairlead.web.rate_limits import retry_later


@method_decorator([never_cache, sensitive_post_parameters("token", "password")], name="dispatch")
class VerifyEmailPage(Page):
    """`/verify-email?token=`: proves the address of whoever is signed in or gives the password, or changes it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._ask(request.GET.get("token", ""), VerifyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        token, form = request.POST.get("token", ""), VerifyForm(request.POST)
        form.full_clean()
        try:
            if "not_mine" in request.POST and not policy.password_sign_in_allowed():
                return self._show(emptied=True, person=reset.empty(token, request=request))
            user = verification.follow(
                token,
                session=browser.session_of(request),
                password=form.cleaned_data.get("password", ""),
                request=request,
            )
        except LinkInvalid as refused:
            return self._refuse(refused)
        except Refused as refused:
            explain(form, refused, request=request, password_field="password")
            status = 403 if isinstance(refused, SignInToVerify) else page_status(refused)
            return retry_later(self._ask(token, form, status=status), refused)
        return self._show(done=True, person=user)

    def _ask(self, token: str, form: VerifyForm, *, status: int = 200) -> HttpResponse:
        try:
            link = verification.look(token)
        except LinkInvalid as refused:
            return self._refuse(refused)
        session = browser.session_of(self.request)
        is_change = link.purpose == MailedLink.Purpose.CHANGE_EMAIL
        counts = session is not None and (
            session.pk == link.session_id if is_change else session.user_id == link.user_id
        )
        return self._show(
            token=token,
            link=link,
            form=form,
            is_change=is_change,
            counts=counts,
            password_allowed=policy.password_sign_in_allowed(),
            status=status,
        )

    def _refuse(self, refused: LinkInvalid) -> HttpResponse:
        refused_by(refused, request=self.request)
        return self._show(refused=gettext(refused.detail), status=400)

    def _show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, "accounts/verify_email.html", context, status=status)


@method_decorator([never_cache, sensitive_post_parameters("token")], name="dispatch")
class DisownChangePage(Page):
    """`/account/email/not-me?token=`: mailed to the old address when somebody asks to change it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        token = request.GET.get("token", "")
        try:
            address_change.look_to_disown(token)
        except LinkInvalid as refused:
            return self._refuse(refused)
        return self._show(token=token)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            user = address_change.disown(request.POST.get("token", ""), request=request)
        except LinkInvalid as refused:
            return self._refuse(refused)
        return self._show(done=True, person=user, password_allowed=policy.password_sign_in_allowed())

    def _refuse(self, refused: LinkInvalid) -> HttpResponse:
        refused_by(refused, request=self.request)
        return self._show(refused=gettext(refused.detail), status=400)

    def _show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, "accounts/disown_change.html", context, status=status)
