"""The parts of the account page about name and picture."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from accounts import avatars, profile
from accounts.errors import AccountsError
from accounts.forms import NameForm, PictureForm, explain
from accounts.pages.account import AccountPage
from fairlead.refusal import Refused


class EditName(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = NameForm(request.POST, prefix="name")
        if form.is_valid():
            try:
                profile.rename(self.person, form.cleaned_data["name"])
                return self.done(gettext("Your name is saved."), part="profile")
            except AccountsError as refused:
                explain(form, refused, request=request)
        return self.show(name_form=form, status=400)


class EditPicture(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        if "remove" in request.POST:
            avatars.remove(self.person)
            return self.done(gettext("Your picture is removed."), part="profile")
        form = PictureForm(request.POST, request.FILES, prefix="picture")
        if form.is_valid():
            try:
                avatars.upload(self.person, form.cleaned_data["image"].read())
                return self.done(gettext("Your picture is saved."), part="profile")
            except Refused as refused:
                form.add_error("image", gettext(refused.detail))
                return self.refuse(refused, picture_form=form)
        return self.show(picture_form=form, status=400)
