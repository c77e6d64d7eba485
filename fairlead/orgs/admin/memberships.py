"""Members on an organization's page in the admin: added by the address of an account."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairlead import email_address
from fairlead.orgs.models import Membership
from fairlead.people import people
from fairlead.person_refusals import SeveralAccounts


class MembershipForm(forms.ModelForm):
    """Of a new row the address finds the account; whose an existing row is does not change."""

    address = forms.CharField(
        label=_("E-mail"),
        max_length=email_address.MAX_LENGTH,
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )

    class Meta:
        model = Membership
        fields = ("role", "ended_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            # A host's user model may name its address differently.
            self.initial["address"] = people().state(self.instance.user).email
            if "address" in self.fields:
                self.fields["address"].disabled = True
        for field in self.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label))

    def clean_address(self) -> str:
        typed: str = self.cleaned_data["address"]
        if not self.instance._state.adding:
            return typed
        try:
            found = people().by_email(people().canonical(typed))
        except (email_address.InvalidAddress, SeveralAccounts):
            found = None
        if found is None:
            raise ValidationError(gettext("No account has this address. The person signs in or registers first."))
        self.instance.user = found
        return typed


class Memberships(forms.BaseInlineFormSet):
    """Nobody is a member twice: the form has no field for the person, so Django would not look."""

    def clean(self) -> None:
        super().clean()
        known = set() if self.instance._state.adding else set(self._known())
        for form in self.forms:
            user_id = form.instance.user_id
            if not form.instance._state.adding or user_id is None or form.errors or not form.has_changed():
                continue
            if user_id in known:
                form.add_error("address", gettext("This person stands in the list already."))
            known.add(user_id)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = gettext("Delete this row")

    def _known(self) -> Any:
        return Membership.objects.filter(organization=self.instance).values_list("user_id", flat=True)


class MembershipInline(admin.TabularInline):
    model = Membership
    form = MembershipForm
    formset = Memberships
    extra = 0
    fields = ["address", "role", "ended_at"]
    # One plain field: the calendar of the stock one is made of links without a name.
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": forms.DateTimeInput(attrs={"size": 20})}
    }

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Whoever may only look is shown columns of the model, and there is none of that name.
        return super().get_fields(request, obj) if self._writes(request, obj) else ["user", "role", "ended_at"]

    def _writes(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj) or self.has_add_permission(request, obj)
