"""Pages behind mailed links. Opening one changes nothing, since scanners open links too: only the click does."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from accounts import registration
from accounts.email import links
from accounts.errors import AccountsError
from accounts.forms import NewPasswordForm, ResetForm, explain
from accounts.models import MailedLink
from accounts.passwords import new_password, reset

_EMAIL_LINKS = (MailedLink.Purpose.VERIFY_EMAIL, MailedLink.Purpose.CHANGE_EMAIL)


@method_decorator([never_cache, sensitive_post_parameters("token")], name="dispatch")
class VerifyEmailPage(View):
    """`/verify-email?token=`: asks for a click, then proves or changes the address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        token = request.GET.get("token", "")
        try:
            link = links.look(token, *_EMAIL_LINKS, now=timezone.now())
        except links.LinkInvalid as refused:
            return self._show(400, refused=refused.detail)
        return self._show(200, token=token, link=link)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            user = registration.follow_verification(request.POST.get("token", ""), request=request)
        except AccountsError as refused:
            return self._show(400, refused=refused.detail)
        return self._show(200, done=True, person=user)

    def _show(self, status: int, **context: Any) -> HttpResponse:
        return render(self.request, "accounts/verify_email.html", context, status=status)


@method_decorator(never_cache, name="dispatch")
class PasswordResetPage(View):
    """`/password-reset`: asks for the address; the answer is the same whatever it is."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(ResetForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ResetForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=400)
        try:
            reset.ask(form.cleaned_data["email"], request=request)
        except AccountsError as refused:
            explain(form, refused)
            return self._show(form, status=400)
        return render(request, "accounts/password_reset_sent.html")

    def _show(self, form: ResetForm, *, status: int = 200) -> HttpResponse:
        return render(self.request, "accounts/password_reset.html", {"form": form}, status=status)


@method_decorator([never_cache, sensitive_post_parameters("token", "new")], name="dispatch")
class NewPasswordPage(View):
    """`/password-reset/confirm?token=`: the new password."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(NewPasswordForm(), token=request.GET.get("token", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, token = NewPasswordForm(request.POST), request.POST.get("token", "")
        if not form.is_valid():
            return self._show(form, token=token, status=400)
        try:
            reset.finish(token, form.cleaned_data["new"], request=request, field="new")
        except links.LinkInvalid:
            return self._show(form, token=token, status=400)
        except AccountsError as refused:
            explain(form, refused)
            return self._show(form, token=token, status=400)
        return render(request, "accounts/password_changed.html")

    def _show(self, form: NewPasswordForm, *, token: str, status: int = 200) -> HttpResponse:
        try:
            new_password.require_allowed()
            links.look(token, MailedLink.Purpose.RESET_PASSWORD, now=timezone.now())
        except AccountsError as refused:
            return render(self.request, "accounts/new_password.html", {"refused": refused.detail}, status=400)
        return render(self.request, "accounts/new_password.html", {"form": form, "token": token}, status=status)
