"""A person's sessions on their page, and each on a page of its own. An ended session's row stays as a record."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.named_rows import NamedRows
from accounts.admin.reach import actor, may_touch
from accounts.models import Session, User
from accounts.sessions import lifecycle
from fairlead.read_only_rows import ReadOnlyRows
from fairlead.web.object_tools import ObjectTools, Tool, Words, deletes


class SessionInline(admin.TabularInline):
    model = Session
    formset = NamedRows
    extra = 0
    max_num = 0
    fields = ("device", "kind", "method", "provider", "started_at", "last_seen_at", "ended_at")
    readonly_fields = ("device", "kind", "method", "provider", "started_at", "last_seen_at", "ended_at")
    ordering = ["-last_seen_at"]
    show_change_link = True
    verbose_name_plural = _("sessions (tick delete to end one)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return super().get_queryset(request).filter(ended_at=None)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _end(request: HttpRequest, session: Session) -> Words:
    lifecycle.end(session, actor=actor(request), request=request)
    return _("The session is ended.")


def _may_end(request: HttpRequest, session: Session) -> bool:
    may = request.user.has_perm("accounts.change_user") and may_touch(request, session.user)
    return may and session.is_open(timezone.now())


@admin.register(Session)
class SessionAdmin(ReadOnlyRows, ObjectTools):
    list_display = ["user", "device", "kind", "method", "started_at", "last_seen_at", "ended_at"]
    list_filter = ["kind", "method", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["=id", "=user__email_canonical"]
    fields = [
        "id", "user", "device", "kind", "method", "provider", "started_at", "authenticated_at", "last_seen_at",
        "expires_at", "ended_at",
    ]  # fmt: skip
    show_full_result_count = False
    tools = (
        Tool(
            slug="end",
            label=_("End the session"),
            says=lambda session: [
                _("This device is signed out within 15 seconds. The person may sign in there again at once."),
            ],
            do=_end,
            offered=_may_end,
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A row alone stays as a record. It goes with its person.
        return deletes(User, request)
