"""A person's sessions on their page. Ticking "delete" ends the session; the row stays as a record."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.named_rows import NamedRows
from accounts.models import Session


class SessionInline(admin.TabularInline):
    model = Session
    formset = NamedRows
    extra = 0
    max_num = 0
    fields = ("device", "kind", "method", "provider", "started_at", "last_seen_at", "ended_at")
    readonly_fields = ("device", "kind", "method", "provider", "started_at", "last_seen_at", "ended_at")
    ordering = ["-last_seen_at"]
    verbose_name_plural = _("sessions (tick delete to end one)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return super().get_queryset(request).filter(ended_at=None)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
