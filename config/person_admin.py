"""Linked providers on a person's page in the admin: seen, searched for, unlinked. The page itself is accounts'."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.named_rows import NamedRows
from accounts.admin.people import PersonAdmin
from fairlead.audit.events import Event, record
from oidc_login import people, providers
from oidc_login.models import Identity
from oidc_login.people import Person


class IdentityInline(admin.TabularInline):
    """Ticking "delete" unlinks."""

    model = Identity
    formset = NamedRows
    extra = 0
    max_num = 0
    fields = ("issuer", "subject", "created_at", "last_login_at")
    readonly_fields = fields
    verbose_name_plural = "linked providers (tick delete to unlink one)"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("oidc_login.delete_identity")


admin.site.unregister(Person)


@admin.register(Person)
class PersonWithProvidersAdmin(PersonAdmin):
    """Accounts' page, with the identities that this app knows of."""

    inlines = [*PersonAdmin.inlines, IdentityInline]
    search_fields = [*PersonAdmin.search_fields, "identities__subject"]

    fieldsets = [*PersonAdmin.fieldsets, ("On record", {"fields": ["events"]})]
    readonly_fields = [*PersonAdmin.readonly_fields, "events"]

    @admin.display(description="audit events")
    def events(self, person: Person) -> SafeString:
        address = reverse("admin:fairlead_audit_auditevent_changelist")
        return format_html('<a href="{}?q={}">What this person did, and what was done to them</a>', address, person.pk)

    @admin.display(description="signs in by")
    def signs_in_by(self, person: Person) -> str:
        names = {each.issuer: each.name for each in providers.available()}
        ways = ["password"] if person.has_usable_password() and people.password_sign_in_allowed() else []
        ways += sorted(names.get(each.issuer, each.issuer) for each in Identity.objects.filter(user=person))
        return ", ".join(ways) or "no way yet"

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: bool) -> None:
        if formset.model is not Identity:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for identity in formset.deleted_objects:
            with transaction.atomic():
                record(
                    Event.IDENTITY_UNLINKED,
                    actor=request.user,
                    subject=identity.user,
                    request=request,
                    issuer=identity.issuer,
                )
                identity.delete()
