"""`/account`: the person's own page, one form per thing. A form that is refused is shown again with the reason."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from accounts import avatars, policy, profile, registration
from accounts.email import address_change
from accounts.errors import AccountsError
from accounts.forms import (
    ChangeEmailForm,
    ChangePasswordForm,
    FirstPasswordForm,
    NameForm,
    PictureForm,
    explain,
)
from accounts.models import Session, User
from accounts.passwords import new_password
from accounts.sessions import browser, lifecycle
from fairlead.web import seams
from fairlead.web.rate_limits import RateLimited


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class AccountPage(View):
    """What every form below has in common: a signed-in person, and the page around the form."""

    session: Session

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        session = browser.session_of(request) if request.user.is_authenticated else None
        if session is None:
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'redirect': '/account'})}")
        self.session = session
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> User:
        return self.session.user

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def done(self, text: str, *, part: str) -> HttpResponse:
        messages.success(self.request, text)
        return HttpResponseRedirect(f"/account#{part}")

    def show(self, *, status: int = 200, **forms: Form) -> HttpResponse:
        user, now = self.person, timezone.now()
        context: dict[str, Any] = {
            "person": user,
            "session": self.session,
            "devices": lifecycle.open_sessions(user, now=now),
            "fresh": self.session.method == Session.Method.PROVIDER and lifecycle.fresh(self.session, now=now),
            "password_allowed": policy.password_sign_in_allowed(),
            "sections": [section(self.request) for section in seams.account_sections],
            "sign_out_choices": [choice(self.request) for choice in seams.sign_out_choices],
            "name_form": NameForm(initial={"name": user.name}, prefix="name"),
            "picture_form": PictureForm(prefix="picture"),
            "email_form": ChangeEmailForm(has_password=user.has_usable_password(), prefix="email"),
            "password_form": ChangePasswordForm(prefix="password"),
            "first_form": FirstPasswordForm(prefix="first"),
            **forms,
        }
        return render(self.request, "accounts/account.html", context, status=status)


class EditName(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = NameForm(request.POST, prefix="name")
        if form.is_valid():
            try:
                profile.rename(self.person, form.cleaned_data["name"])
                return self.done("Your name is saved.", part="profile")
            except AccountsError as refused:
                explain(form, refused)
        return self.show(name_form=form, status=400)


class EditPicture(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        if "remove" in request.POST:
            avatars.remove(self.person)
            return self.done("Your picture is removed.", part="profile")
        form = PictureForm(request.POST, request.FILES, prefix="picture")
        if form.is_valid():
            try:
                data = form.cleaned_data["image"].read()
                avatars.replace(self.person, avatars.reencode(data), source=User.AvatarSource.UPLOAD)
                return self.done("Your picture is saved.", part="profile")
            except AccountsError as refused:
                form.add_error("image", refused.detail)
        return self.show(picture_form=form, status=400)


class EditEmail(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = ChangeEmailForm(request.POST, has_password=self.person.has_usable_password(), prefix="email")
        if form.is_valid():
            try:
                address_change.ask(
                    self.person,
                    session=self.session,
                    new=form.cleaned_data["new_email"],
                    password=form.cleaned_data.get("password", ""),
                    request=request,
                    field="new_email",
                )
                return self.done("A link is on its way to the new address. Nothing changes before it.", part="email")
            except (AccountsError, RateLimited) as refused:
                explain(form, refused, password_field="password")
        return self.show(email_form=form, status=400)


class SendVerification(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            registration.send_verification(self.person)
        except RateLimited as refused:
            messages.error(request, refused.detail)
            return HttpResponseRedirect("/account#email")
        return self.done(f"A link is on its way to {self.person.email}.", part="email")


class EditPassword(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = ChangePasswordForm(request.POST, prefix="password")
        if form.is_valid():
            try:
                new_password.change(
                    self.person, session=self.session, **form.cleaned_data, request=request, field="new"
                )
                browser.keep_signed_in(request, self.person)
                return self.done("Your password is changed. Other devices are signed out.", part="password")
            except (AccountsError, RateLimited) as refused:
                explain(form, refused, password_field="current")
        return self.show(password_form=form, status=400)


class FirstPassword(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = FirstPasswordForm(request.POST, prefix="first")
        if form.is_valid():
            try:
                new_password.set_first(
                    self.person, session=self.session, **form.cleaned_data, request=request, field="new"
                )
                browser.keep_signed_in(request, self.person)
                return self.done("Your password is set.", part="password")
            except (AccountsError, RateLimited) as refused:
                explain(form, refused)
        return self.show(first_form=form, status=400)


class EndDevice(AccountPage):
    def post(self, request: HttpRequest, session_id: UUID) -> HttpResponse:
        session = Session.objects.filter(pk=session_id, user=self.person).select_related("user").first()
        if session is not None:
            lifecycle.end(session, actor=self.person, request=request)
        return self.done("That device is signed out.", part="devices")


class EndOtherDevices(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        lifecycle.end_others(self.person, keep=self.session, actor=self.person, request=request)
        return self.done("All other devices are signed out.", part="devices")
