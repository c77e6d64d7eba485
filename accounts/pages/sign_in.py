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
from django.views.generic.base import ContextMixin, View

from accounts import policy, registration
from accounts.errors import AccountPending, AccountsError
from accounts.forms import RegisterForm, SignInForm, explain
from accounts.passwords import sign_in
from accounts.redirects import safe_path
from accounts.sessions import lifecycle
from fairlead import client
from fairlead.web import rate_limits

_NO_ADMIN = {
    "message": {
        "title": "This account is no administrator's",
        "cause": "The administration is open to administrators only.",
        "remedy": "Sign in below with an administrator's account, or go to your own account.",
    }
}


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class SignInPage(ContextMixin, View):
    """The ways to sign in. Another app may subclass it at the same path and add to the context:

    `providers`: buttons, dicts with `name` and `initiate_url`; `notice`: a dict with `message` (title, cause, remedy)
    and `error_id`. Without password sign-in there is no form, only the buttons.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = self.wanted()
        if request.user.is_authenticated and "error" not in request.GET:
            if not wanted.startswith("/admin") or request.user.is_staff:
                return HttpResponseRedirect(wanted)
            return self.show(SignInForm(), status=403, notice=_NO_ADMIN)
        return self.show(SignInForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=400)
        try:
            user = sign_in.prove(request, **form.cleaned_data)
            lifecycle.sign_in_web(request, user, method="password")
        except AccountPending:
            return render(request, "accounts/pending.html", status=403)
        except (AccountsError, rate_limits.RateLimited) as refused:
            explain(form, refused)
            return self.show(form, status=429 if isinstance(refused, rate_limits.RateLimited) else 400, refused=refused)
        return HttpResponseRedirect(self.wanted())

    def wanted(self) -> str:
        """Where to go afterwards: a path of this site, or the account."""
        value = self.request.POST.get("redirect") or self.request.GET.get("redirect")
        return safe_path(value) or settings.LOGIN_REDIRECT_URL

    def show(self, form: Form, *, status: int = 200, refused: Any = None, **more: Any) -> HttpResponse:
        context = {**self.get_context_data(form=form), **more}
        return retry_later(render(self.request, "accounts/sign_in.html", context, status=status), refused)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            redirect=self.wanted(),
            password_allowed=policy.password_sign_in_allowed(),
            register_open=policy.current().mode != "disabled",
            providers=[],
            **kwargs,
        )


def retry_later(response: HttpResponse, refused: Any) -> HttpResponse:
    """The page of a refusal, with Retry-After where it names a time."""
    if retry_after := getattr(refused, "retry_after", None):
        response["Retry-After"] = str(retry_after)
    return response


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
            return retry_later(self._show(form, status=429 if throttled else 400), refused)
        if registered.pending:
            return render(request, "accounts/pending.html", {"user_email": registered.user.email})
        lifecycle.sign_in_web(request, registered.user, method="password")
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
    lifecycle.sign_out_web(request)
    messages.success(request, "You are signed out.")
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)
