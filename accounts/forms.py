"""Forms of the pages: labels, what browsers fill in, shapes. Rules live in the verb modules, which the pages call."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidCredentials
from accounts.passwords.new_password import MAX_LENGTH
from fairlead.audit import refusals
from fairlead.refusal import Refused
from fairlead.web.codes import TABLE

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_EMAIL, _PASSWORD = _("E-mail address"), _("Password")


def explain(form: forms.Form, refused: Refused, *, request: HttpRequest, password_field: str = "") -> None:
    """Put a refusal on record, and show it where it belongs: beside the fields it names, else on top.

    `password_field` is where somebody who is signed in proves their password: nothing but that can be wrong there.
    """
    refusals.refused_by(refused, request=request, person=getattr(request.user, "pk", None))
    if password_field and isinstance(refused, InvalidCredentials):
        form.add_error(password_field, gettext("This is not your password. Check it and try again."))
        return
    named = refused.errors or {}
    for name, messages in named.items():
        form.add_error(name, messages)
    if not named:
        form.add_error(None, gettext(refused.detail))


def page_status(refused: Refused) -> int:
    """The status of a page that shows a form again: what is wrong is in the form, or it is to be tried later."""
    return TABLE[refused.code].status if refused.retry_after else 400


def _email(label: "_StrOrPromise" = _EMAIL, **attrs: Any) -> forms.CharField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email", "spellcheck": "false", **attrs})
    return forms.CharField(label=label, max_length=254, widget=widget)


def _password(label: "_StrOrPromise" = _PASSWORD, *, new: bool = False) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"})
    limits: dict[str, Any] = {"max_length": MAX_LENGTH} if new else {}
    hint = _("At least 8 characters. A few unrelated words are better than one tricky one.") if new else ""
    return forms.CharField(label=label, strip=False, widget=widget, help_text=hint, **limits)


class SignInForm(forms.Form):
    email = _email()
    password = _password()


class RegisterForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = _email()
    password = _password(new=True)


class AcceptInvitationForm(forms.Form):
    """For somebody new; the address is the invitation's."""

    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = _password(new=True)


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class PictureForm(forms.Form):
    image = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP or GIF, at most 5 MiB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )


class ChangePasswordForm(forms.Form):
    current = _password(_("Current password"))
    new = _password(_("New password"), new=True)


class FirstPasswordForm(forms.Form):
    new = _password(_("New password"), new=True)


class ChangeEmailForm(forms.Form):
    new_email = _email(_("New e-mail address"), autocomplete="email")
    password = _password(_("Your password"))

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.fields["password"]


class VerifyForm(forms.Form):
    """The password is asked for where nobody is signed in."""

    password = _password(_("Password of the account"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = False


class ResetForm(forms.Form):
    email = _email()


class NewPasswordForm(forms.Form):
    new = _password(_("New password"), new=True)
