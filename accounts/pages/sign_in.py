"""`/login`, `/register`, `/logout`."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import View

from accounts import policy, registration
from accounts.errors import AccountPending, AccountsError
from accounts.forms import RegisterForm, SignInForm, explain
from accounts.passwords import sign_in
from accounts.sessions import browser
from fairlead import client
from fairlead.web import rate_limits, sign_in_page
from fairlead.web.redirects import safe_path


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SignInPage(sign_in_page.SignInPage):
    """The base page with a form. Where passwords are off there is no form, only what the base shows."""

    template_name = "accounts/sign_in.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=400)
        try:
            user = sign_in.prove(request, **form.cleaned_data)
            browser.sign_in(request, user, method="password")
        except AccountPending:
            return render(request, "accounts/pending.html", status=403)
        except (AccountsError, rate_limits.RateLimited) as refused:
            explain(form, refused)
            status = 429 if isinstance(refused, rate_limits.RateLimited) else 400
            return rate_limits.retry_later(self.show(form=form, status=status), refused)
        return HttpResponseRedirect(self.wanted())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=SignInForm(),
            password_allowed=policy.password_sign_in_allowed(),
            register_open=policy.current().mode != "disabled",
            **kwargs,
        )


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class RegisterPage(View):
    """A new account with a password."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
        return self._show(RegisterForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RegisterForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=400)
        try:
            rate_limits.hit("register", client.network(request), times=5, seconds=60)
            registered = registration.register(**form.cleaned_data, request=request)
        except (AccountsError, rate_limits.RateLimited) as refused:
            explain(form, refused)
            throttled = isinstance(refused, rate_limits.RateLimited)
            return rate_limits.retry_later(self._show(form, status=429 if throttled else 400), refused)
        if registered.pending:
            return render(request, "accounts/pending.html", {"user_email": registered.user.email})
        browser.sign_in(request, registered.user, method="password")
        if not registered.user.email_verified:
            messages.info(request, f"Welcome. A link to confirm your address is on its way to {registered.user.email}.")
        return HttpResponseRedirect(safe_path(request.POST.get("redirect")) or settings.LOGIN_REDIRECT_URL)

    def _show(self, form: Form, *, status: int = 200) -> HttpResponse:
        rules = policy.current()
        context = {
            "form": form,
            "mode": rules.mode if policy.password_sign_in_allowed() else "disabled",
            "redirect": safe_path(self.request.POST.get("redirect") or self.request.GET.get("redirect")) or "",
        }
        return render(self.request, "accounts/register.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    browser.sign_out(request)
    messages.success(request, "You are signed out.")
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)
