"""People in the administration: found, approved, suspended, their sessions ended, a reset link sent.

Nobody's password is typed in here. Whom an administrator may touch: `reach`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts import changes, picture_files, review, sign_in_verdict
from accounts.admin.person_form import PersonForm
from accounts.admin.person_tools import TOOLS
from accounts.admin.person_verdict import refused_lately
from accounts.admin.reach import actor, is_superuser, may_touch, out_of_reach
from accounts.admin.sessions import SessionInline
from accounts.admin.status_filter import CountedStatus
from accounts.email import links
from accounts.models import Session, User
from accounts.passwords import reset
from accounts.sessions import lifecycle
from accounts.sign_in_verdict import Verdict
from fairlead.audit.events import Event, record
from fairlead.web.object_tools import ObjectTools

_POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")
_ADDRESS = ("email", "email_verified")


@admin.register(User)
class PersonAdmin(ObjectTools):
    form = PersonForm
    change_form_template = "accounts/admin/person.html"
    tools = TOOLS
    list_display = ["email", "name", "status", "verified_by", "is_staff", "signs_in_by", "last_login", "created_at"]
    list_filter = [("status", CountedStatus), "is_staff", "verified_by", "created_at", "last_login"]
    search_fields = ["email_canonical", "name", "=id"]
    ordering = ["-created_at"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    filter_horizontal = ["groups", "user_permissions"]
    inlines = [SessionInline]
    actions = ["approve", "reject", "suspend", "reactivate", "end_sessions", "send_reset_link"]
    fieldsets = [
        (None, {"fields": [*_ADDRESS, "verified_by", "name", "status", "signs_in_by"]}),
        (_("Powers"), {"fields": _POWERS, "classes": ["collapse"]}),
        (_("Dates"), {"fields": ["last_login", "created_at", "updated_at"]}),
    ]
    add_fieldsets = [(None, {"fields": [*_ADDRESS, "name"]})]
    readonly_fields = ["verified_by", "status", "signs_in_by", "last_login", "created_at", "updated_at"]

    @admin.display(description=_("signs in by"))
    def signs_in_by(self, person: User) -> str:
        return gettext("password") if person.has_usable_password() else gettext("provider only")

    def verdict(self, person: User) -> Verdict:
        return sign_in_verdict.of(person, linked=(), would_link=())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        person = self.get_object(request, unquote(object_id))
        shown = {"verdict": self.verdict(person), "refusals": refused_lately(request, person)} if person else {}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return [] if obj is None else super().get_inlines(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        if is_superuser(request):
            return fixed
        return [*fixed, *_POWERS, "email_verified", *(() if obj is None else ("email",))]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if change and "email" in form.changed_data:
                links.void_all(obj)
            _record_saved(request, obj, changed=set(form.changed_data), new=not change)
            changes.people.changed(transaction.on_commit)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: bool) -> None:
        if formset.model is not Session:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for session in formset.deleted_objects:
            lifecycle.end(session, actor=actor(request), request=request)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        queryset = queryset.exclude(pk__in=out_of_reach(request, queryset))
        with transaction.atomic():
            for person in queryset:
                record(Event.PERSON_DELETED, actor=actor(request), subject=person, request=request)
                if person.avatar:
                    transaction.on_commit(lambda name=person.avatar: picture_files.delete(name))  # type: ignore[misc]
            super().delete_queryset(request, queryset)
            changes.people.changed(transaction.on_commit)

    @admin.action(description=_("Approve, with an e-mail to the person"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, review.approve, gettext_noop("{count} of {chosen} approved."))

    @admin.action(description=_("Reject, with an e-mail to the person"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, review.reject, gettext_noop("{count} of {chosen} rejected."))

    @admin.action(description=_("Suspend"), permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        others = queryset.exclude(email=request.user.get_username())
        self._each(request, others, review.suspend, gettext_noop("{count} of {chosen} suspended."))

    @admin.action(description=_("Reactivate"), permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, review.reactivate, gettext_noop("{count} of {chosen} reactivated."))

    @admin.action(description=_("End all sessions"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, lifecycle.end_all, gettext_noop("{count} of {chosen} signed out everywhere."))

    @admin.action(description=_("Mail a link to choose a new password"), permissions=["change"])
    def send_reset_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, reset.mail_link, gettext_noop("{count} of {chosen} were sent a link."))

    def _each(self, request: HttpRequest, queryset: QuerySet[User], verb: Callable[..., bool | int], said: str) -> None:
        within_reach = list(queryset.exclude(pk__in=out_of_reach(request, queryset)))
        count = sum(bool(verb(person, actor=actor(request), request=request)) for person in within_reach)
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, gettext(said).format(count=count, chosen=queryset.count()), level)


def _record_saved(request: HttpRequest, person: User, *, changed: set[str], new: bool) -> None:
    note = partial(record, actor=actor(request), subject=person, request=request)
    if new:
        note(Event.REGISTERED, by="administrator")
    elif "email" in changed:
        note(Event.EMAIL_CHANGED, by="administrator")
    if person.email_verified and (new or {"email", "email_verified"} & changed):
        note(Event.EMAIL_VERIFIED, by=person.verified_by)
    if powers := sorted(changed & set(_POWERS)):
        note(Event.ADMIN_GRANTED, changed=powers)
