"""Providers, and who is who there, in the admin. Secrets go in and never come out: a fingerprint tells them apart."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from audit.events import Event, record
from credentials.secrets import digest
from oidc_login import people, providers
from oidc_login.models import Identity, Provider

_VARIABLES = (
    "OIDC_ENABLED", "OIDC_PROVIDER_NAME", "OIDC_ISSUER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_AUTH", "OIDC_SCOPES",
    "OIDC_TRUST_EMAIL", "OIDC_LINKING", "OIDC_MOBILE_CLIENT_IDS",
)  # fmt: skip


class ProviderForm(forms.ModelForm):
    new_secret = forms.CharField(
        label="Client secret",
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Write-only. Empty keeps the one that is stored.",
    )
    no_secret = forms.BooleanField(label="Forget the stored secret (public client)", required=False)

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

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug == providers.DEFAULT_SLUG:
            raise ValidationError("This slug is the environment's. Choose another.")
        return slug

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"].strip()
        if "{" in issuer:
            raise ValidationError("Put your tenant's id in place of the braces: a placeholder matches no token.")
        if not issuer.startswith(("https://", "http://")):
            raise ValidationError("An issuer is a URL that begins with https://.")
        environment = providers.of_environment()
        if environment and environment.issuer == issuer:
            raise ValidationError("The environment configures this issuer already.")
        return issuer

    def clean_mobile_client_ids(self) -> list[str]:
        listed = self.cleaned_data["mobile_client_ids"] or []
        if not isinstance(listed, list) or not all(isinstance(each, str) and each for each in listed):
            raise ValidationError('A JSON list of client ids, such as ["my-app-ios", "my-app-android"].')
        return listed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("trust_email") == "always" and providers.shared_by_many(cleaned.get("issuer", "")):
            self.add_error(
                "trust_email",
                "Many organizations share this issuer: anyone there could claim your people's addresses.",
            )
        if self.instance.pk and self.instance.enabled and not cleaned.get("enabled") and _is_last(self.instance):
            self.add_error("enabled", _LAST)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data.get("no_secret"):
            self.instance.client_secret = ""
        elif self.cleaned_data.get("new_secret"):
            self.instance.client_secret = self.cleaned_data["new_secret"]
        return super().save(commit)


_LAST = "Sign-in by password is off and this is the last provider: nobody could come in. Turn passwords on first."


def _is_last(row: Provider) -> bool:
    others = [each for each in providers.available() if each.slug != row.slug]
    return not others and not people.password_sign_in_allowed()


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    """The environment's provider is shown above the list, read-only, with the source of each value."""

    form = ProviderForm
    list_display = ("name", "slug", "issuer", "enabled", "order", "secret_fingerprint")
    list_filter = ("enabled",)
    search_fields = ("name", "slug", "issuer")
    readonly_fields = ("secret_fingerprint", "created_at", "updated_at")
    change_list_template = "oidc_login/admin/providers.html"

    @admin.display(description="stored secret")
    def secret_fingerprint(self, row: Provider) -> str:
        return f"set, fingerprint {digest(row.client_secret)[:8]}" if row.client_secret else "none (public client)"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"environment_provider": _environment(), "callback_url": f"{settings.APP_URL}/api/auth/oidc/callback"}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.enabled and _is_last(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Deleting in bulk would pass by the rule about the last provider.
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(
            Event.PROVIDER_CHANGED, actor=request.user, subject=obj, request=request, fields=sorted(form.changed_data)
        )
        if not change:
            messages.info(request, f"Register this callback at the provider: {settings.APP_URL}/api/auth/oidc/callback")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record(Event.PROVIDER_CHANGED, actor=request.user, subject=obj, request=request, deleted=True)
        super().delete_model(request, obj)


def _environment() -> dict[str, Any] | None:
    provider = providers.of_environment()
    if provider is None:
        return None
    rows = [(name, getattr(settings, name), settings.SETTING_SOURCES.get(name, "default")) for name in _VARIABLES]
    secret = (
        f"set, fingerprint {digest(provider.client_secret)[:8]}" if provider.client_secret else "none (public client)"
    )
    rows.append(("OIDC_CLIENT_SECRET", secret, settings.SETTING_SOURCES.get("OIDC_CLIENT_SECRET", "default")))
    return {"name": provider.name, "enabled": provider.enabled, "rows": rows}


@admin.register(Identity)
class IdentityAdmin(admin.ModelAdmin):
    """Who is who: to look at, and to unlink."""

    list_display = ("user", "issuer", "subject", "last_login_at")
    list_filter = ("issuer",)
    search_fields = ("subject", "user__email_canonical", "issuer")
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record(Event.IDENTITY_UNLINKED, actor=request.user, subject=obj.user, request=request, issuer=obj.issuer)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for identity in queryset.select_related("user"):
            self.delete_model(request, identity)
