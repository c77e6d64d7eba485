"""The form for a provider in the admin. The client secret goes in and never comes out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairlead import origins
from fairlead.idtokens import shared_issuers
from fairlead.people import people
from oidc_login import providers
from oidc_login.models import Provider

LAST = _("Sign-in by password is off and this is the last provider: nobody could come in. Turn passwords on first.")


class ProviderForm(forms.ModelForm):
    new_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Write-only. Empty keeps the one that is stored."),
    )
    no_secret = forms.BooleanField(label=_("Forget the stored secret (public client)"), required=False)
    untried = forms.BooleanField(
        label=_("Enable it although nobody has tried it as it is now"),
        required=False,
        help_text=_("No dry sign-in went well since its issuer, client id or secret changed."),
    )

    class Meta:
        model = Provider
        fields = (
            "name",
            "slug",
            "issuer",
            "client_id",
            "scopes",
            "client_auth",
            "enabled",
            "order",
            "trust_email",
            "linking",
            "mobile_client_ids",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "enabled" not in self.fields or self.instance.enabled:
            del self.fields["untried"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug == providers.DEFAULT:
            raise ValidationError(gettext("This slug is the one of the settings' provider. Choose another."))
        return slug

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"].strip()
        if "{" in issuer:
            raise ValidationError(gettext("Put your own value in place of the braces: a placeholder matches no token."))
        try:
            origins.read(issuer)
        except ValueError as error:
            raise ValidationError(gettext("This is no address of a provider. {fault}").format(fault=error)) from None
        of_settings = providers.of_settings()
        if of_settings and of_settings.issuer == issuer:
            raise ValidationError(gettext("The settings configure this issuer already."))
        # The form leaves the organization out, and with it the constraint that speaks of it.
        others = Provider.objects.filter(organization=None, issuer=issuer).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(gettext("Another provider has this issuer already."))
        return issuer

    def clean_mobile_client_ids(self) -> list[str]:
        listed = self.cleaned_data["mobile_client_ids"] or []
        if not isinstance(listed, list) or not all(isinstance(each, str) and each for each in listed):
            raise ValidationError(gettext('A JSON list of client ids, such as ["my-app-ios", "my-app-android"].'))
        return listed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("trust_email") == "always" and shared_issuers.people_of_many(cleaned.get("issuer", "")):
            self.add_error(
                "trust_email",
                gettext("Many organizations share this issuer: anyone there could claim your people's addresses."),
            )
        moved = self.instance.pk and "issuer" in self.changed_data and bool(self.instance.client_secret)
        if moved and not cleaned.get("new_secret") and not cleaned.get("no_secret"):
            self.add_error(
                "new_secret",
                gettext("The stored secret was for another issuer, which alone may see it. Enter it anew."),
            )
        enabling = cleaned.get("enabled") and not self.instance.enabled
        if enabling and not self._tried() and not cleaned.get("untried"):
            self.add_error(
                "enabled",
                gettext(
                    "Nobody has tried this provider as it is now. Save it, go through its dry sign-in, then enable it; "
                    "or confirm below that it is to be enabled untried."
                ),
            )
        if self.instance.pk and self.instance.enabled and not cleaned.get("enabled") and is_last(self.instance):
            self.add_error("enabled", LAST)
        return cleaned

    def _tried(self) -> bool:
        return self.instance.tested_at is not None and not self.moves_on()

    def moves_on(self) -> bool:
        """Whether what was tried is not what is saved."""
        return bool({"issuer", "client_id", "new_secret", "no_secret"} & set(self.changed_data))

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data.get("no_secret"):
            self.instance.client_secret = ""
        elif self.cleaned_data.get("new_secret"):
            self.instance.client_secret = self.cleaned_data["new_secret"]
        return super().save(commit)


def is_last(row: Provider) -> bool:
    """Whether nobody could come in any more without this provider."""
    others = [each for each in providers.available() if each.slug != row.slug]
    return not others and not people().password_sign_in_allowed()
