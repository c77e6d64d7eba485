"""SDK clients in the admin: seen, made, changed, a service's key rotated."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairlead.orgs import api_keys
from fairlead.orgs.admin.new_key import show_new_key
from fairlead.orgs.admin.requests import actor
from fairlead.orgs.models import Organization
from fairlead.web.choices import ChosenById
from fairlead.web.object_tools import ObjectTools, Tool, Words
from sdkclients import clients
from sdkclients.admin.explain import explain
from sdkclients.forms import ChangeClient, CreateClient
from sdkclients.models import Kind, SdkClient
from userpools.models import UserPool


class AddClient(CreateClient):
    """Of any organization: a pool says whose an application is, a service is asked."""

    organization = forms.ModelChoiceField(
        Organization.objects.all(),
        label=_("Organization"),
        required=False,
        help_text=_("For a service. An application belongs to its pool's organization."),
        widget=ChosenById(SdkClient._meta.get_field("organization"), admin.site),
    )

    def __init__(self, data: Any, *, keys: bool) -> None:
        super().__init__(data, pools=UserPool.objects.all(), keys=keys)
        self.fields["pool"].widget = ChosenById(
            SdkClient._meta.get_field("pool"), admin.site, choices=self.fields["pool"].widget.choices
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        organization, pool = cleaned.get("organization"), cleaned.get("pool")
        if pool is not None and organization is not None and pool.organization_id != organization.pk:
            self.add_error("organization", gettext("The pool is another organization's. Leave this empty."))
        if cleaned.get("kind") == Kind.SERVICE and organization is None and "organization" not in self.errors:
            self.add_error("organization", gettext("Choose whose service it is."))
        return cleaned


def _makes_keys(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("fairlead_orgs.add_apikey"))


def _rotates(request: HttpRequest, client: SdkClient) -> bool:
    rights = ("sdkclients.change_sdkclient", "fairlead_orgs.change_apikey", "fairlead_orgs.add_apikey")
    return client.kind == Kind.SERVICE and all(map(request.user.has_perm, rights))


def _rotate(request: HttpRequest, client: SdkClient) -> HttpResponse:
    held, minted = clients.rotate_key(client, overlap=api_keys.OVERLAP, actor=actor(request), request=request)
    return _new_key(request, held, minted.plaintext)


def _new_key(request: HttpRequest, client: SdkClient, plaintext: str) -> HttpResponse:
    back = reverse("admin:sdkclients_sdkclient_change", args=[client.pk])
    assert client.api_key is not None  # noqa: S101 - a service has one
    return show_new_key(request, client.api_key, plaintext, back=back)


@admin.register(SdkClient)
class SdkClientAdmin(ObjectTools):
    list_display = ["name", "id", "organization", "kind", "pool", "api_key", "created_at"]
    list_filter = ["kind", "created_at"]
    list_select_related = ["organization", "pool", "api_key"]
    search_fields = ["name", "id", "organization__name", "pool__name"]
    fields = ["id", "organization", "name", "description", "kind", "pool", "api_key", "created_at", "updated_at"]
    change_list_template = "sdkclients/client_list.html"
    show_full_result_count = False

    tools = (
        Tool(
            slug="rotate-key",
            label=_("Rotate the key"),
            says=lambda client: [
                _("A new API key is made and shown once, on the next page."),
                _("The key of now works for another hour, then it stops."),
            ],
            do=_rotate,
            offered=_rotates,
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        pages = self.admin_site.admin_view
        return [
            path("explain/", pages(explain), name="sdkclients_explain"),
            path("<path:object_id>/edit/", pages(self.edit), name="sdkclients_sdkclient_edit"),
            *super().get_urls(),
        ]

    def links(self, request: HttpRequest, row: Any) -> list[tuple[Words, str]]:
        edit = [(_("Change"), reverse("admin:sdkclients_sdkclient_edit", args=[row.pk]))]
        return [*(edit if self.has_edit_permission(request) else []), *super().links(request, row)]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AddClient(request.POST if request.method == "POST" else None, keys=_makes_keys(request))
        if not form.is_valid():
            return self.form_page(request, form, title=gettext("Add an SDK client"))
        client, minted = form.make(form.cleaned_data["organization"], actor=actor(request), request=request)
        messages.success(request, gettext("The client is made."))
        return _new_key(request, client, minted.plaintext) if minted else HttpResponseRedirect(self.address(client))

    def edit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        client = self.seen(request, object_id)
        if not self.has_edit_permission(request):
            raise PermissionDenied
        form = ChangeClient(request.POST if request.method == "POST" else None, client=client)
        if not form.is_valid():
            return self.form_page(request, form, title=gettext("Change an SDK client"), row=client)
        form.save(actor=actor(request), request=request)
        messages.success(request, gettext("The client is saved."))
        return HttpResponseRedirect(self.address(client))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Django's own page shows. What changes a client is `edit`.
        return False

    def has_edit_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def delete_model(self, request: HttpRequest, obj: SdkClient) -> None:
        clients.delete(obj, actor=actor(request), request=request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SdkClient]) -> None:
        for client in queryset:
            self.delete_model(request, client)
