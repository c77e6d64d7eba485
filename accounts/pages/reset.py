"""A forgotten password: asking for the link, and the page behind it. Opening that changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.email.links import LinkInvalid
from accounts.errors import AccountsError
from accounts.forms import NewPasswordForm, ResetForm, explain
from accounts.passwords import new_password, reset
from fairlead.audit.refusals import refused_by
from fairlead.verified_by import VerifiedBy
from fairlead.web.problem_page import Page


@method_decorator(never_cache, name="dispatch")
class PasswordResetPage(Page):
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
            explain(form, refused, request=request)
            return self._show(form, status=400)
        return render(request, "accounts/password_reset_sent.html")

    def _show(self, form: ResetForm, *, status: int = 200) -> HttpResponse:
        return render(self.request, "accounts/password_reset.html", {"form": form}, status=status)


@method_decorator([never_cache, sensitive_post_parameters("token", "new")], name="dispatch")
class NewPasswordPage(Page):
    """`/password-reset/confirm?token=`: the new password."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(NewPasswordForm(), token=request.GET.get("token", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, token = NewPasswordForm(request.POST), request.POST.get("token", "")
        if not form.is_valid():
            return self._show(form, token=token, status=400)
        try:
            reset.finish(token, form.cleaned_data["new"], request=request, field="new")
        except LinkInvalid:
            return self._show(form, token=token, status=400)
        except AccountsError as refused:
            explain(form, refused, request=request)
            return self._show(form, token=token, status=400)
        return render(request, "accounts/password_changed.html")

    def _show(self, form: NewPasswordForm, *, token: str, status: int = 200) -> HttpResponse:
        try:
            new_password.require_allowed()
            link = reset.look(token)
        except AccountsError as refused:
            refused_by(refused, request=self.request)
            return render(self.request, "accounts/new_password.html", {"refused": gettext(refused.detail)}, status=400)
        begins_anew = not VerifiedBy(link.holder.verified_by).proven
        context = {"form": form, "token": token, "person": link.holder, "begins_anew": begins_anew}
        return render(self.request, "accounts/new_password.html", context, status=status)
