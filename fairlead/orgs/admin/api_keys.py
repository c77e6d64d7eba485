"""API keys in the admin. A key is shown on the page that answers its creation, once."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairlead.orgs import api_keys
from fairlead.orgs.admin.new_key import show_new_key
from fairlead.orgs.admin.requests import actor
from fairlead.orgs.models import ApiKey, Organization
from fairlead.web.object_tools import ObjectTools, Tool, Words, deletes

_GIVEN = ["organization", "name", "expires_at"]
_RECORDED = ["prefix", "created_at", "created_by", "last_used_at", "revoked_at", "successor"]


def _changes(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("fairlead_orgs.change_apikey"))


def _rotates(request: HttpRequest) -> bool:
    return _changes(request) and request.user.has_perm("fairlead_orgs.add_apikey")


def _revoke(request: HttpRequest, key: ApiKey) -> Words:
    api_keys.revoke(key, actor=actor(request), request=request)
    return _("The key is revoked.")


def _rotate(request: HttpRequest, key: ApiKey) -> HttpResponse:
    new, minted = api_keys.rotate(key, overlap=api_keys.OVERLAP, actor=actor(request), request=request)
    return show_new_key(
        request, new, minted.plaintext, back=reverse("admin:fairlead_orgs_apikey_change", args=[new.pk])
    )


@admin.register(ApiKey)
class ApiKeyAdmin(ObjectTools):
    list_display = ["prefix", "name", "organization", "state", "last_used_at", "expires_at", "created_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["organization"]
    search_fields = ["prefix", "name", "organization__name"]
    autocomplete_fields = ["organization"]
    actions = ["revoke", "rotate"]
    tools = (
        Tool(
            slug="revoke",
            label=_("Revoke"),
            says=lambda key: [
                _("Every call with this key is refused within 30 seconds, for good."),
                _("Whoever still uses it is cut off. To give them time, rotate it instead."),
            ],
            do=_revoke,
            offered=lambda request, key: (
                key.revoked_at is None and request.user.has_perm("fairlead_orgs.change_apikey")
            ),
        ),
        Tool(
            slug="rotate",
            label=_("Rotate"),
            says=lambda key: [
                _("A new key is made and shown once, on the next page. The key of now works for another hour."),
            ],
            do=_rotate,
            # A service client's is rotated with the client, which has to know its successor.
            offered=lambda request, key: (
                not key.of_service and api_keys.valid(key, now=timezone.now()) and _rotates(request)
            ),
        ),
    )
    show_full_result_count = False

    @admin.display(description=_("state"))
    def state(self, key: ApiKey) -> str:
        if key.revoked_at:
            return "revoked"
        return "works" if api_keys.valid(key, now=timezone.now()) else "expired or organization disabled"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else self.get_fields(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return _GIVEN if obj is None else [*_GIVEN, *_RECORDED]

    def save_model(self, request: HttpRequest, obj: ApiKey, form: ModelForm, change: bool) -> None:
        key, minted = api_keys.make(
            obj.organization, name=obj.name, expires_at=obj.expires_at, actor=actor(request), request=request
        )
        obj.pk, obj.prefix, obj.digest = key.pk, key.prefix, key.digest
        obj._state.adding = False
        request.new_key = minted.plaintext  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        return self._show(request, obj, request.new_key)  # type: ignore[attr-defined]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # An existing key is read, revoked or rotated. Only the actions change it.
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Revoked instead: the row says who had the key and when it was used. It goes with its organization.
        return obj is not None and deletes(Organization, request)

    @admin.action(description=_("Revoke: the key stops within 30 seconds, for good"), permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for key in chosen:
            api_keys.revoke(key, actor=actor(request), request=request)

    @admin.action(description=_("Rotate: a new key; the old one works for another hour"), permissions=["change", "add"])
    def rotate(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> HttpResponse | None:
        if chosen.count() != 1:
            self.message_user(request, gettext("Choose one key: the new one is shown once."), messages.WARNING)
            return None
        if chosen.filter(of_service=True).exists():
            self.message_user(request, gettext("Rotate a service client's key on the client's page."), messages.WARNING)
            return None
        key, minted = api_keys.rotate(chosen.get(), overlap=api_keys.OVERLAP, actor=actor(request), request=request)
        return self._show(request, key, minted.plaintext)

    def _show(self, request: HttpRequest, key: ApiKey, plaintext: str) -> HttpResponse:
        return show_new_key(request, key, plaintext, back=reverse("admin:fairlead_orgs_apikey_changelist"))
