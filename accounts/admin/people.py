"""People in the administration: found, approved, suspended, their sessions ended, a reset link sent.

An administrator who is not a superuser changes nobody who is one, and makes nobody one: else the right to edit people
would be the right to become anybody.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts import changes, review
from accounts.admin.named_rows import NamedRows
from accounts.models import Session, User
from accounts.passwords import reset
from accounts.sessions import lifecycle
from fairlead.audit.events import Event, record

_POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


class SessionInline(admin.TabularInline):
    """Where the person is signed in. Ticking "delete" ends the session; the row stays as a record."""

    model = Session
    formset = NamedRows
    extra = 0
    max_num = 0
    fields = ("device", "kind", "method", "provider", "started_at", "last_seen_at", "ended_at")
    readonly_fields = ("device", "kind", "method", "provider", "started_at", "last_seen_at", "ended_at")
    ordering = ["-last_seen_at"]
    verbose_name_plural = "sessions (tick delete to end one)"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return super().get_queryset(request).filter(ended_at=None)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["email", "name", "status", "email_verified", "is_staff", "signs_in_by", "last_login", "created_at"]
    list_filter = ["status", "is_staff", "email_verified", "created_at", "last_login"]
    search_fields = ["email_canonical", "name", "=id"]
    ordering = ["-created_at"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    filter_horizontal = ["groups", "user_permissions"]
    inlines = [SessionInline]
    actions = ["approve", "reject", "suspend", "reactivate", "end_sessions", "send_reset_link"]
    fieldsets = [
        (None, {"fields": ["email", "email_verified", "name", "status", "signs_in_by"]}),
        ("Powers", {"fields": _POWERS, "classes": ["collapse"]}),
        ("Dates", {"fields": ["last_login", "created_at", "updated_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "email_verified"]})]
    readonly_fields = ["status", "signs_in_by", "last_login", "created_at", "updated_at"]

    @admin.display(description="signs in by")
    def signs_in_by(self, person: User) -> str:
        return "password" if person.has_usable_password() else "provider only"

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return [] if obj is None else super().get_inlines(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"email_verified": True, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        powers = () if _is_superuser(request) else _POWERS
        return [*super().get_readonly_fields(request, obj), *powers]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        actor = _actor(request)
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if not change:
                record(Event.REGISTERED, actor=actor, subject=obj, request=request, by="administrator")
            elif "email" in form.changed_data:
                record(Event.EMAIL_CHANGED, actor=actor, subject=obj, request=request, by="administrator")
            if powers := sorted(set(form.changed_data) & set(_POWERS)):
                record(Event.ADMIN_GRANTED, actor=actor, subject=obj, request=request, changed=powers)
            changes.people.changed(transaction.on_commit)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: bool) -> None:
        if formset.model is not Session:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for session in formset.deleted_objects:
            lifecycle.end(session, actor=_actor(request), request=request)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        queryset = queryset.exclude(pk__in=_out_of_reach(request, queryset))
        pictures = [name for name in queryset.values_list("avatar", flat=True) if name]
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            changes.people.changed(transaction.on_commit)
            for name in pictures:
                transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]

    @admin.action(description="Approve, with an e-mail to the person", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, review.approve, "approved")

    @admin.action(description="Reject, with an e-mail to the person", permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, review.reject, "rejected")

    @admin.action(description="Suspend", permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset.exclude(email=request.user.get_username()), review.suspend, "suspended")

    @admin.action(description="Reactivate", permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, review.reactivate, "reactivated")

    @admin.action(description="End all sessions", permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, lifecycle.end_all, "signed out everywhere")

    @admin.action(description="Mail a link to choose a new password", permissions=["change"])
    def send_reset_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, reset.send, "sent a link")

    def _each(self, request: HttpRequest, queryset: QuerySet[User], verb: Callable[..., bool | int], done: str) -> None:
        chosen = list(queryset.exclude(pk__in=_out_of_reach(request, queryset)))
        count = sum(bool(verb(person, actor=_actor(request), request=request)) for person in chosen)
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, f"{count} of {queryset.count()} {done}.", level)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    return person is None or _is_superuser(request) or not (person.is_superuser or person.is_staff)


def _out_of_reach(request: HttpRequest, queryset: QuerySet[User]) -> list[Any]:
    return [person.pk for person in queryset if not _may_touch(request, person)]


def _actor(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
