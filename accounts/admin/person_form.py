"""The form of a person in the administration. An operator vouches for an address, or does not; how else it was
verified is not theirs to say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from fairlead.verified_by import VerifiedBy


class PersonForm(forms.ModelForm):
    email_verified = forms.BooleanField(
        label=_("E-mail verified"),
        required=False,
        help_text=_(
            "Tick it where you know that the address is theirs. Whoever holds it can then take the account over."
        ),
    )

    class Meta:
        model = User
        fields = ["email", "name", "is_staff", "is_superuser", "groups", "user_permissions"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("email_verified", self.instance._state.adding or self.instance.email_verified)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if {"email", "email_verified"} & set(self.changed_data) or self.instance._state.adding:
            vouched = self.cleaned_data.get("email_verified")
            self.instance.verified_by = VerifiedBy.OPERATOR if vouched else VerifiedBy.NOTHING
        return cleaned
