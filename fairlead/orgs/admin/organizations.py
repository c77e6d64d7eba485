"""Organizations and memberships in the admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairlead.audit.events import Event, record
from fairlead.orgs import organization_names, organizations, slug_owners, slugs
from fairlead.orgs.admin.memberships import MembershipInline
from fairlead.orgs.admin.requests import actor
from fairlead.orgs.models import Organization
from fairlead.web.object_tools import ObjectTools, Tool, Words


class OrganizationForm(ModelForm):
    """A slug that is left out is made of the name."""

    class Meta:
        model = Organization
        fields = ("name", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever may only look gets a form without fields.
        if slug := self.fields.get("slug"):
            slug.required = self.instance.pk is not None and not self.instance._state.adding
            slug.help_text = "Stands in addresses. The one before stays this organization's."

    def clean_name(self) -> str:
        try:
            return organization_names.cleaned(self.cleaned_data["name"])
        except organization_names.NameRefused as refusal:
            raise ValidationError(gettext(str(refusal))) from None

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not slug:
            return slug_owners.free(self.data.get("name", ""))
        try:
            slugs.cleaned(slug)
            if slug_owners.taken(slug, by_others_than=self.instance):
                raise slug_owners.SlugTaken
        except slugs.SlugRefused as refusal:
            raise ValidationError(gettext(str(refusal))) from None
        return slug


def _may_change(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("fairlead_orgs.change_organization"))


def _disable(request: HttpRequest, organization: Organization) -> Words:
    organizations.disable(organization, actor=actor(request), request=request)
    return _("The organization is disabled.")


def _enable(request: HttpRequest, organization: Organization) -> Words:
    organizations.enable(organization, actor=actor(request), request=request)
    return _("The organization is enabled.")


@admin.register(Organization)
class OrganizationAdmin(ObjectTools):
    form = OrganizationForm
    list_display = ["name", "slug", "id", "state", "created_at"]
    list_filter = [("disabled_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["name", "slug", "id"]
    readonly_fields = ["id", "created_at", "disabled_at", "former_slugs"]
    inlines = [MembershipInline]
    actions = ["disable", "enable"]
    tools = (
        Tool(
            slug="disable",
            label=_("Disable"),
            says=lambda organization: [
                _("Its API keys and its users' tokens are refused within 30 seconds. All that it has is kept."),
            ],
            do=_disable,
            offered=lambda request, organization: not organization.disabled and _may_change(request),
        ),
        Tool(
            slug="enable",
            label=_("Enable"),
            says=lambda organization: [
                _("Its API keys and its users' tokens count again, those that are neither revoked nor expired."),
            ],
            do=_enable,
            offered=lambda request, organization: organization.disabled and _may_change(request),
        ),
    )
    show_full_result_count = False

    @admin.display(description=_("state"), ordering="disabled_at")
    def state(self, organization: Organization) -> str:
        return "disabled" if organization.disabled else "active"

    @admin.display(description=_("former slugs"))
    def former_slugs(self, organization: Organization) -> str:
        return ", ".join(each.slug for each in organization.former_slugs.all()) or "-"

    @admin.action(description=_("Disable: keys and tokens stop within 30 seconds"), permissions=["change"])
    def disable(self, request: HttpRequest, chosen: QuerySet[Organization]) -> None:
        for organization in chosen:
            organizations.disable(organization, actor=actor(request), request=request)

    @admin.action(description=_("Enable"), permissions=["change"])
    def enable(self, request: HttpRequest, chosen: QuerySet[Organization]) -> None:
        for organization in chosen:
            organizations.enable(organization, actor=actor(request), request=request)

    def save_model(self, request: HttpRequest, obj: Organization, form: ModelForm, change: bool) -> None:
        if change and "slug" in form.changed_data:
            slug_owners.rename(obj, obj.slug)
        super().save_model(request, obj, form, change)
        event = Event.ORGANIZATION_CHANGED if change else Event.ORGANIZATION_CREATED
        record(
            event, actor=actor(request), subject=obj, request=request,
            organization=obj.pk, fields=form.changed_data, slug=obj.slug,
        )  # fmt: skip
        organizations.changes.changed(transaction.on_commit)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for membership in [*formset.new_objects, *(each for each, _fields in formset.changed_objects)]:
            organizations.record_membership(membership, actor=actor(request), request=request)
        for membership in formset.deleted_objects:
            organizations.record_membership(membership, actor=actor(request), request=request, removed=True)

    def delete_model(self, request: HttpRequest, obj: Organization) -> None:
        record(
            Event.ORGANIZATION_DELETED, actor=actor(request), subject=obj, request=request,
            organization=obj.pk, name=obj.name,
        )  # fmt: skip
        super().delete_model(request, obj)
        organizations.changes.changed(transaction.on_commit)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Organization]) -> None:
        for organization in queryset:
            self.delete_model(request, organization)
