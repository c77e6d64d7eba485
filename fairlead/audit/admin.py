"""The record in the admin: to read and to filter, nothing else."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fairlead.audit.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    list_display = ["at", "event", "actor", "subject", "address", "request_id"]
    list_filter = ["event", "at"]
    search_fields = ["actor_id", "subject_id", "request_id", "address"]
    date_hierarchy = "at"
    show_full_result_count = False

    @admin.display(description="by")
    def actor(self, event: AuditEvent) -> str:
        return f"{event.actor_type} {event.actor_id}".strip() or "-"

    @admin.display(description="about")
    def subject(self, event: AuditEvent) -> str:
        return f"{event.subject_type} {event.subject_id}".strip() or "-"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
