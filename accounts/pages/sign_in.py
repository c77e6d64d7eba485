"""`/login` with a form, and `/logout`."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from accounts import policy
from accounts.errors import AccountPending
from accounts.forms import SignInForm, explain, page_status
from accounts.passwords import proof
from accounts.sessions import browser
from fairlead.audit.refusals import refused_by
from fairlead.refusal import Refused
from fairlead.web import rate_limits, sign_in_page, sign_ins
from fairlead.web.problem_page import Page


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SignInPage(sign_in_page.SignInPage):
    """The base page with a form. Where passwords are off there is no form, only what the base shows."""

    template_name = "accounts/sign_in.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=400)
        try:
            with sign_ins.counted("password"):
                user = proof.demand(request, **form.cleaned_data)
                browser.sign_in(request, user, method="password")
        except AccountPending as refused:
            refused_by(refused, request=request)
            return render(request, "accounts/pending.html", status=403)
        except Refused as refused:
            explain(form, refused, request=request)
            return rate_limits.retry_later(self.show(form=form, status=page_status(refused)), refused)
        return HttpResponseRedirect(self.wanted())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=SignInForm(),
            password_allowed=policy.password_sign_in_allowed(),
            register_open=policy.current().mode != "disabled",
            **kwargs,
        )


class SignOut(Page):
    def post(self, request: HttpRequest) -> HttpResponse:
        browser.sign_out(request)
        messages.success(request, gettext("You are signed out."))
        return HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL or settings.LOGIN_URL))
