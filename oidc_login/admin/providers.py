"""Providers in the admin. Secrets go in and never come out: a fingerprint tells them apart."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairlead.audit.events import Event, record
from fairlead.conf import conf, source
from fairlead.credentials.fields import DecryptionFailed
from fairlead.credentials.secrets import digest
from oidc_login import providers
from oidc_login.admin import presets, provider_pages
from oidc_login.admin.provider_form import ProviderForm, is_last
from oidc_login.flow.authorization_request import callback_url
from oidc_login.models import Provider

_KEYS = (
    "OIDC_ENABLED", "OIDC_PROVIDER_NAME", "OIDC_ISSUER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_AUTH", "OIDC_SCOPES",
    "OIDC_TRUST_EMAIL", "OIDC_LINKING", "OIDC_MOBILE_CLIENT_IDS",
)  # fmt: skip

# Who is believed, and what follows from it: for superusers alone.
TRUST = ("issuer", "client_id", "enabled", "trust_email", "linking", "mobile_client_ids")


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    """The settings' provider is shown above the list, read-only, with the source of each value."""

    form = ProviderForm
    list_display = ("name", "slug", "issuer", "enabled", "tested_at", "order", "secret_fingerprint", "try_out")
    list_filter = ("enabled",)
    search_fields = ("name", "slug", "issuer")
    readonly_fields = ("secret_fingerprint", "tested_at", "created_at", "updated_at")
    change_list_template = "oidc_login/admin/providers.html"
    change_form_template = "oidc_login/admin/provider.html"
    fieldsets = (
        (None, {"fields": ("name", "slug", "enabled", "untried", "tested_at", "order")}),
        (_("At the provider"), {"fields": ("issuer", "client_id", "new_secret", "no_secret", "secret_fingerprint")}),
        (_("What is asked for"), {"fields": ("scopes", "client_auth")}),
        (_("Who people become here"), {"fields": ("trust_email", "linking")}),
        (_("Mobile apps"), {"fields": ("mobile_client_ids",)}),
        (_("Dates"), {"fields": ("created_at", "updated_at"), "classes": ("collapse",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The right to edit providers is not the right to become somebody else through one."""
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *TRUST)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new provider is saved, tried and then enabled; only one that is not yet is asked whether it was tried."""
        asked = obj is not None and not obj.enabled and request.user.is_superuser
        gone = {"enabled", "untried", "tested_at"} if obj is None else set() if asked else {"untried"}
        (title, first), *others = self.fieldsets
        kept = tuple(name for name in first["fields"] if name not in gone)
        return [(title, {**first, "fields": kept}), *others]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser) and super().has_add_permission(request)

    def get_queryset(self, request: HttpRequest) -> Any:
        """The instance's own. An organization's provider is its own affair."""
        return super().get_queryset(request).filter(organization=None)

    def get_urls(self) -> list[URLPattern]:
        return [*provider_pages.urls(), *super().get_urls()]

    @admin.display(description=_("try out"))
    def try_out(self, row: Provider) -> SafeString:
        address = reverse("admin:oidc_login_provider_test", args=[row.slug])
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>',
            address,
            gettext("Test {name}").format(name=row.name),
            gettext("Test"),
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        preset = presets.find(request.GET.get("preset", ""))
        given = {
            name: value for name, value in super().get_changeform_initial_data(request).items() if name != "preset"
        }
        return {**given, **(preset.initial if preset else {})}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        preset = presets.find(request.GET.get("preset", ""))
        context = {
            "callback_url": callback_url(),
            "presets": presets.every() if object_id is None else (),
            "preset": preset,
            "preset_quirks": [gettext(each) for each in preset.quirks] if preset else [],
            "preset_steps": [gettext(each).replace("{callback}", callback_url()) for each in preset.steps]
            if preset
            else [],
        }
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    @admin.display(description=_("stored secret"))
    def secret_fingerprint(self, row: Provider) -> str:
        try:
            return _fingerprint(row.client_secret)
        except DecryptionFailed:
            return gettext("cannot be decrypted: enter it anew. Until then this provider is not offered.")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"settings_provider": _of_settings(), "callback_url": callback_url()}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.enabled and is_last(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Deleting in bulk would pass by the rule about the last provider.
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.enabled = False
        if form.moves_on():
            obj.tested_at = None
        super().save_model(request, obj, form, change)
        record(
            Event.PROVIDER_CHANGED, actor=request.user, subject=obj, request=request, fields=sorted(form.changed_data)
        )
        if not change:
            messages.info(
                request, gettext("Register this callback at the provider: {address}").format(address=callback_url())
            )
            messages.info(request, gettext("It is not enabled yet: test it, do its dry sign-in, then enable it."))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record(Event.PROVIDER_CHANGED, actor=request.user, subject=obj, request=request, deleted=True)
        super().delete_model(request, obj)


def _of_settings() -> dict[str, Any] | None:
    provider = providers.of_settings()
    if provider is None:
        return None
    rows = [(source(key).name, getattr(conf(), key.lower()), source(key).place) for key in _KEYS]
    secret = _fingerprint(provider.client_secret)
    rows.append((source("OIDC_CLIENT_SECRET").name, secret, source("OIDC_CLIENT_SECRET").place))
    return {"name": provider.name, "slug": provider.slug, "enabled": provider.enabled, "rows": rows}


def _fingerprint(secret: str) -> str:
    if not secret:
        return gettext("none (public client)")
    return gettext("set, fingerprint {fingerprint}").format(fingerprint=digest(secret)[:8])
