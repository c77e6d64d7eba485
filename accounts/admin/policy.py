"""The sign-in policy in the administration: one row, what holds now and from where, locks where it is fixed."""

import copy
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import policy
from accounts.models import Session, SignInPolicy, User
from accounts.sessions import browser
from fairlead import email_address
from fairlead.audit.events import Event, record

_FIELDS = {
    # column: (field of Policy, variable)
    "registration_mode": ("mode", "USER_SIGNUP"),
    "oidc_signup": ("oidc_signup", "OIDC_SIGNUP"),
    "signup_email_domains": ("email_domains", "SIGNUP_EMAIL_DOMAINS"),
    "disable_internal_auth": ("disable_internal_auth", "DISABLE_INTERNAL_AUTH"),
}
_UNSET = _("not set here")
_PROVEN_WITHIN = timedelta(hours=1)


class PolicyForm(forms.ModelForm):
    """`session` is the administrator's own; set by the admin class."""

    session: Session | None = None
    signup_email_domains = forms.CharField(
        label=_("Domains of new people"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line, such as example.org. Empty: any domain."),
    )

    class Meta:
        model = SignInPolicy
        fields = list(_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever may only look gets a form without fields.
        for name in {"registration_mode", "oidc_signup"} & set(self.fields):
            choices = self.fields[name].choices  # type: ignore[attr-defined]
            self.fields[name].choices = [("", _UNSET), *[each for each in choices if each[0]]]  # type: ignore[attr-defined]
        if "disable_internal_auth" in self.fields:
            widget = self.fields["disable_internal_auth"].widget
            widget.choices = [("unknown", _UNSET), ("true", _("Yes")), ("false", _("No"))]
        self.initial["signup_email_domains"] = "\n".join(self.instance.signup_email_domains or [])

    def clean_signup_email_domains(self) -> list[str] | None:
        domains = self.cleaned_data["signup_email_domains"].replace(",", " ").split()
        try:
            return [email_address.canonical_domain(each.lstrip("@")) for each in domains] or None
        except email_address.InvalidAddress:
            raise forms.ValidationError(gettext("One of these is no domain name.")) from None

    def clean_disable_internal_auth(self) -> bool | None:
        """Whoever closes the door for passwords has just come in through the other one, or may lock everybody out."""
        wanted: bool | None = self.cleaned_data["disable_internal_auth"]
        session = self.session
        if wanted and not self.instance.disable_internal_auth:
            recently = session is not None and timezone.now() - session.authenticated_at <= _PROVEN_WITHIN
            if session is None or session.method != Session.Method.PROVIDER or not recently:
                raise forms.ValidationError(
                    gettext(
                        "Sign in through a provider first, then turn this on within the hour: it proves that "
                        "the provider works, and that you can come back in."
                    )
                )
        return wanted


@admin.register(SignInPolicy)
class SignInPolicyAdmin(admin.ModelAdmin):
    form = PolicyForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": list(_FIELDS), "description": _what_holds()})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.session = browser.session_of(request)
        sources = policy.current().sources
        for column, (name, variable) in _FIELDS.items():
            if column in form.base_fields and sources[name] not in {"admin", "default"}:
                # A copy: the field that the class declares is shared by every form ever made of it.
                field = form.base_fields[column] = copy.deepcopy(form.base_fields[column])
                field.disabled = True
                field.help_text = gettext("Fixed by {variable} ({place}): change it there.").format(
                    variable=variable, place=sources[name]
                )
        return form

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        row, _ = SignInPolicy.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:accounts_signinpolicy_change", args=[row.pk]))

    def save_model(self, request: HttpRequest, obj: SignInPolicy, form: forms.ModelForm, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            actor = request.user if isinstance(request.user, User) else None
            record(Event.POLICY_CHANGED, actor=actor, subject=obj, request=request, changed=sorted(form.changed_data))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _what_holds() -> str:
    """Plain text; domains are canonical, so nothing in it needs escaping but all of it is escaped."""
    rules = policy.current()
    by = rules.sources
    domains = gettext("any") if rules.email_domains is None else ", ".join(rules.email_domains) or gettext("none")
    lines = {
        "mode": gettext("registration: {value} ({place})").format(value=rules.mode, place=by["mode"]),
        "through_provider": gettext("new people through a provider: {value} ({place})").format(
            value=rules.oidc_signup, place=by["oidc_signup"]
        ),
        "domains": gettext("domains of new people: {value} ({place})").format(value=domains, place=by["email_domains"]),
        "password": gettext("sign-in by password: {value} ({place})").format(
            value=gettext("on") if policy.password_sign_in_allowed() else gettext("off"),
            place=by["disable_internal_auth"],
        ),
    }
    return escape(gettext("In effect now: {mode}; {through_provider}; {domains}; {password}.").format(**lines))
