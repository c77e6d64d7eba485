"""Linked providers on a person's page in the admin: seen, searched for, unlinked. The page itself is accounts'."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import sign_in_verdict
from accounts.admin.named_rows import NamedRows
from accounts.admin.people import PersonAdmin
from accounts.sign_in_verdict import LinkedProvider, Verdict
from fairlead.people import people
from oidc_login import identities, providers
from oidc_login.models import Identity


class IdentityInline(admin.TabularInline):
    """Ticking "delete" unlinks."""

    model = Identity
    formset = NamedRows
    extra = 0
    max_num = 0
    fields = ("issuer", "subject", "created_at", "last_login_at")
    readonly_fields = fields
    verbose_name_plural = _("linked providers (tick delete to unlink one)")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("oidc_login.delete_identity")


admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class PersonWithProvidersAdmin(PersonAdmin):
    """Accounts' page, with the identities of oidc_login."""

    inlines = [*PersonAdmin.inlines, IdentityInline]
    fieldsets = [*PersonAdmin.fieldsets, (_("On record"), {"fields": ["events"]})]
    readonly_fields = [*PersonAdmin.readonly_fields, "events"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By a provider's subject too: that is what its log shows of a person."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, duplicates
        linked = Identity.objects.filter(subject__icontains=search_term).values("user")
        return queryset.filter(Q(pk__in=found.values("pk")) | Q(pk__in=linked)), duplicates

    def verdict(self, person: Any) -> Verdict:
        enabled = providers.available()
        mine = identities.of(person)
        names = {each.issuer: each.name for each in enabled}
        linked = [LinkedProvider(name=names.get(each.issuer, each.issuer), works=each.issuer in names) for each in mine]
        own = {each.issuer for each in mine}
        by_itself = [each.name for each in enabled if each.linking == "verified_email" and each.issuer not in own]
        return sign_in_verdict.of(person, linked=linked, would_link=[] if person.is_staff else by_itself)

    @admin.display(description=_("audit events"))
    def events(self, person: Any) -> SafeString:
        address = reverse("admin:fairlead_audit_auditevent_changelist")
        told = gettext("What this person did, and what was done to them")
        return format_html('<a href="{}?q={}">{}</a>', address, person.pk, told)

    @admin.display(description=_("signs in by"))
    def signs_in_by(self, person: Any) -> str:
        names = {each.issuer: each.name for each in providers.available()}
        ways = [gettext("password")] if person.has_usable_password() and people().password_sign_in_allowed() else []
        ways += sorted(names.get(each.issuer, each.issuer) for each in identities.of(person))
        return ", ".join(ways) or gettext("no way yet")

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: bool) -> None:
        if formset.model is not Identity:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for identity in formset.deleted_objects:
            identities.remove(identity, actor=request.user, request=request)
