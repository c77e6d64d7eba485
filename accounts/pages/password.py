"""The part of the account page about the password. A change keeps this browser signed in, and no other."""

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from accounts.forms import ChangePasswordForm, FirstPasswordForm, explain
from accounts.pages.account import AccountPage
from accounts.passwords import new_password
from fairlead.refusal import Refused


class EditPassword(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = ChangePasswordForm(request.POST, prefix="password")
        if form.is_valid():
            try:
                new_password.change(
                    self.person, session=self.session, **form.cleaned_data, request=request, field="new"
                )
                update_session_auth_hash(request, self.person)
                return self.done(gettext("Your password is changed. Other devices are signed out."), part="password")
            except Refused as refused:
                explain(form, refused, request=request, password_field="current")
                return self.refuse(refused, password_form=form)
        return self.show(password_form=form, status=400)


class FirstPassword(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = FirstPasswordForm(request.POST, prefix="first")
        if form.is_valid():
            try:
                new_password.set_first(
                    self.person, session=self.session, **form.cleaned_data, request=request, field="new"
                )
                update_session_auth_hash(request, self.person)
                return self.done(gettext("Your password is set."), part="password")
            except Refused as refused:
                explain(form, refused, request=request)
                return self.refuse(refused, first_form=form)
        return self.show(first_form=form, status=400)
