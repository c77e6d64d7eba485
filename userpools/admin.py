"""User pools and app users in the admin: to see what is, to block and to revoke. Pools are made through the API."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from fairlead.orgs.admin.requests import actor, deletes
from userpools import app_users, key_check, pools, signing_keys
from userpools.authorization import warnings_of
from userpools.errors import PoolInUse
from userpools.models import AppUser, PoolSigningKey, UserPool


class SigningKeyInline(admin.TabularInline):
    model = PoolSigningKey
    fields = ["kid", "signs_from", "published_until"]
    readonly_fields = ["kid", "signs_from", "published_until"]
    extra = 0
    can_delete = False
    verbose_name_plural = _("own keys (hosted pools)")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(UserPool)
class UserPoolAdmin(admin.ModelAdmin):
    list_display = ["name", "organization", "kind", "issuer", "keys_unreachable", "created_at"]
    list_filter = ["hosted", "keys_unreachable", "created_at"]
    list_select_related = ["organization"]
    search_fields = ["name", "id", "issuer", "jwks_uri", "organization__name"]
    fields = [
        "id", "organization", "name", "description", "kind", "jwks_uri", "issuer", "audiences", "algorithms",
        "id_claim", "open_points", "last_fetch", "created_at", "updated_at",
    ]  # fmt: skip
    inlines = [SigningKeyInline]
    actions = ["fetch_keys", "rotate_keys"]
    show_full_result_count = False

    @admin.display(description=_("kind"), ordering="hosted")
    def kind(self, pool: UserPool) -> str:
        return "hosted here" if pool.hosted else "keys of its own"

    @admin.display(description=_("what is open"))
    def open_points(self, pool: UserPool) -> SafeString | str:
        return format_html_join("", "<p>{}</p>", ((warning["detail"],) for warning in warnings_of(pool))) or "nothing"

    @admin.display(description=_("last key fetch"))
    def last_fetch(self, pool: UserPool) -> SafeString | str:
        if pool.hosted:
            return "Hosted: the keys are our own, below."
        state = key_check.last_fetch(pool)
        if state is None:
            return "The keys were never fetched."
        lines = [("address", state.url), ("fetched", _moment(state.fetched_at)), ("keys", str(len(state.kids)))]
        lines += [("key id", kid or "(none)") for kid in state.kids]
        lines += [("not used", f"entry {each.position + 1}: {each.reason}") for each in state.ignored]
        lines.append(("last error", f"{state.error} ({_moment(state.error_at)})" if state.error else "none"))
        return format_html_join("", "<p>{}: {}</p>", lines)

    @admin.action(description=_("Fetch the keys now (at most once in 10 seconds)"), permissions=["view"])
    def fetch_keys(self, request: HttpRequest, chosen: QuerySet[UserPool]) -> None:
        for pool in chosen:
            found = key_check.check(pool, now=timezone.now())
            text = " ".join(step["text"] for step in found["steps"])
            self.message_user(request, f"{pool}: {text}", messages.SUCCESS if found["usable"] else messages.ERROR)

    @admin.action(
        description=_("Rotate the keys of hosted pools: the next one signs in an hour"), permissions=["delete"]
    )
    def rotate_keys(self, request: HttpRequest, chosen: QuerySet[UserPool]) -> None:
        for pool in chosen.filter(hosted=True):
            key = signing_keys.rotate(pool, actor=actor(request))
            self.message_user(request, f"{pool}: {key.kid} is published and signs from {key.signs_from:%H:%M} UTC.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: UserPool) -> None:
        try:
            pools.delete(obj, actor=actor(request), request=request)
        except PoolInUse as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[UserPool]) -> None:
        for pool in queryset:
            self.delete_model(request, pool)


@admin.register(AppUser)
class AppUserAdmin(admin.ModelAdmin):
    list_display = ["external_id", "pool", "organization", "state", "last_seen_at", "created_at"]
    list_filter = [("blocked_at", admin.EmptyFieldListFilter), "last_seen_at"]
    list_select_related = ["pool__organization"]
    # Whole values: a table of a million people is not searched for parts of them.
    search_fields = ["=external_id", "=id", "=pool__name"]
    fields = ["id", "external_id", "pool", "created_at", "last_seen_at", "blocked_at", "tokens_valid_after"]
    actions = ["block", "unblock", "revoke"]
    show_full_result_count = False

    @admin.display(description=_("organization"))
    def organization(self, user: AppUser) -> str:
        return str(user.pool.organization)

    @admin.display(description=_("state"), ordering="blocked_at")
    def state(self, user: AppUser) -> str:
        return "blocked" if user.blocked_at else "active"

    @admin.action(description=_("Block: refused within 30 seconds"), permissions=["moderate"])
    def block(self, request: HttpRequest, chosen: QuerySet[AppUser]) -> None:
        for user in chosen:
            app_users.block(user, actor=actor(request), request=request)

    @admin.action(description=_("Unblock"), permissions=["moderate"])
    def unblock(self, request: HttpRequest, chosen: QuerySet[AppUser]) -> None:
        for user in chosen:
            app_users.unblock(user, actor=actor(request), request=request)

    @admin.action(description=_("Revoke tokens: those issued until now are refused"), permissions=["moderate"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[AppUser]) -> None:
        for user in chosen:
            app_users.revoke_tokens(user, actor=actor(request), request=request)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Who may change app users may block them; their fields nobody edits."""
        return super().has_change_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # They go with their pool; alone, a deleted user would come back unblocked with the next token.
        return deletes(UserPool, request) and super().has_delete_permission(request, obj)


def _moment(seconds: float | None) -> str:
    return "never" if seconds is None else f"{datetime.fromtimestamp(seconds, tz=UTC):%Y-%m-%d %H:%M:%S} UTC"
