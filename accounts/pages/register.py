"""`/register`: a new account with a password."""

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import policy, registration
from accounts.forms import RegisterForm, explain, page_status
from accounts.sessions import browser
from fairlead import client
from fairlead.refusal import Refused
from fairlead.web import rate_limits
from fairlead.web.problem_page import Page
from fairlead.web.redirects import asked_for


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class RegisterPage(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
        return self._show(RegisterForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RegisterForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=400)
        try:
            rate_limits.hit("register", client.network(request), "rate_limit_register")
            registered = registration.register(**form.cleaned_data, request=request)
        except Refused as refused:
            explain(form, refused, request=request)
            return rate_limits.retry_later(self._show(form, status=page_status(refused)), refused)
        if registered.pending:
            return render(request, "accounts/pending.html", {"user_email": registered.user.email})
        browser.sign_in(request, registered.user, method="password")
        if not registered.user.email_verified:
            welcome = gettext("Welcome. A link to confirm your address is on its way to {email}.")
            messages.info(request, welcome.format(email=registered.user.email))
        return HttpResponseRedirect(asked_for(request) or resolve_url(settings.LOGIN_REDIRECT_URL))

    def _show(self, form: Form, *, status: int = 200) -> HttpResponse:
        mode = policy.current().mode if policy.password_sign_in_allowed() else "disabled"
        context = {"form": form, "mode": mode, "redirect": asked_for(self.request)}
        return render(self.request, "accounts/register.html", context, status=status)
