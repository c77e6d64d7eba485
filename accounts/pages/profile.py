"""The parts of the account page about name and picture."""

from django.http import HttpRequest, HttpResponse

from accounts import avatars, profile
from accounts.errors import AccountsError
from accounts.forms import NameForm, PictureForm, explain
from accounts.models import User
from accounts.pages.account import AccountPage


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
