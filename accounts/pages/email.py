"""The part of the account page about the e-mail address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from accounts.email import address_change, verification
from accounts.forms import ChangeEmailForm, explain
from accounts.pages.account import AccountPage, back_to
from fairlead.refusal import Refused
from fairlead.web.rate_limits import RateLimited


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
                return self.done(
                    gettext("A link is on its way to the new address. Open it in this browser."), part="email"
                )
            except Refused as refused:
                explain(form, refused, request=request, password_field="password")
                return self.refuse(refused, email_form=form)
        return self.show(email_form=form, status=400)


class SendVerification(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            verification.mail_link_again(self.person)
        except RateLimited as refused:
            messages.error(request, gettext(refused.detail))
            return back_to("email")
        return self.done(gettext("A link is on its way to {email}.").format(email=self.person.email), part="email")
