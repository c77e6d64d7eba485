"""`/register`: a new account with a password."""

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from accounts import policy, registration
from accounts.forms import RegisterForm, explain, page_status
from accounts.sessions import browser
from fairlead import client
from fairlead.refusal import Refused
from fairlead.web import rate_limits
from fairlead.web.redirects import safe_path


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class RegisterPage(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
        return self._show(RegisterForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RegisterForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=400)
        try:
            rate_limits.hit("register", client.network(request), times=5, seconds=60)
            registered = registration.register(**form.cleaned_data, request=request)
        except Refused as refused:
            explain(form, refused)
            return rate_limits.retry_later(self._show(form, status=page_status(refused)), refused)
        if registered.pending:
            return render(request, "accounts/pending.html", {"user_email": registered.user.email})
        browser.sign_in(request, registered.user, method="password")
        if not registered.user.email_verified:
            messages.info(request, f"Welcome. A link to confirm your address is on its way to {registered.user.email}.")
        return HttpResponseRedirect(self._asked_for() or resolve_url(settings.LOGIN_REDIRECT_URL))

    def _asked_for(self) -> str:
        return safe_path(self.request.POST.get("redirect") or self.request.GET.get("redirect")) or ""

    def _show(self, form: Form, *, status: int = 200) -> HttpResponse:
        mode = policy.current().mode if policy.password_sign_in_allowed() else "disabled"
        context = {"form": form, "mode": mode, "redirect": self._asked_for()}
        return render(self.request, "accounts/register.html", context, status=status)
