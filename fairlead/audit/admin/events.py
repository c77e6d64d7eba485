"""Events in the administration."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fairlead.audit.admin.names import shown
from fairlead.audit.admin.reading import ReadOnly
from fairlead.audit.events import Event
from fairlead.audit.models import AuditEvent


class OfKind(admin.SimpleListFilter):
    """From the enum: the database would be asked for every row's."""

    title = _("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(str(each), str(each)) for each in Event]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(event=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ["when", "event", "actor", "subject", "of_organization", "address", "request_id"]
    list_display_links = ["when"]
    list_filter = [OfKind, "at"]
    fields = ["when", "event", "actor", "subject", "of_organization", "address", "request_id", "details"]
    ids = ("actor_id", "subject_id", "organization", "request_id")
    networks = ("address",)
    words = ("event",)

    def of_address(self, address: str, people_ids: list[str]) -> Q:
        return Q(actor_id__in=people_ids) | Q(subject_id__in=people_ids)

    @admin.display(description=_("by"))
    def actor(self, event: AuditEvent) -> str:
        return shown(event, event.actor_type, event.actor_id)

    @admin.display(description=_("about"))
    def subject(self, event: AuditEvent) -> str:
        return shown(event, event.subject_type, event.subject_id)

    @admin.display(description=_("organization"))
    def of_organization(self, event: AuditEvent) -> str:
        return shown(event, "organization", event.organization)
