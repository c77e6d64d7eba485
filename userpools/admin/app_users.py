"""App users in the admin: seen, blocked, their tokens revoked. They come with their pool's tokens, and go with it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fairlead.orgs.admin.requests import actor
from fairlead.web.object_tools import ObjectTools, Tool, Words, deletes
from userpools import app_users
from userpools.models import AppUser, UserPool


def _moderates(request: HttpRequest) -> bool:
    """Who may change app users may block them; their fields nobody edits."""
    return bool(request.user.has_perm("userpools.change_appuser"))


def _block(request: HttpRequest, user: AppUser) -> Words:
    app_users.block(user, actor=actor(request), request=request)
    return _("The user is blocked.")


def _unblock(request: HttpRequest, user: AppUser) -> Words:
    app_users.unblock(user, actor=actor(request), request=request)
    return _("The user is no longer blocked.")


def _revoke(request: HttpRequest, user: AppUser) -> Words:
    app_users.revoke_tokens(user, actor=actor(request), request=request)
    return _("Tokens issued until now are revoked.")


@admin.register(AppUser)
class AppUserAdmin(ObjectTools):
    list_display = ["external_id", "pool", "organization", "state", "last_seen_at", "created_at"]
    list_filter = [("blocked_at", admin.EmptyFieldListFilter), "last_seen_at"]
    list_select_related = ["pool__organization"]
    # Whole values: a table of a million people is not searched for parts of them.
    search_fields = ["=external_id", "=id", "=pool__name"]
    fields = ["id", "external_id", "pool", "created_at", "last_seen_at", "blocked_at", "tokens_valid_after"]
    actions = ["block", "unblock", "revoke"]
    show_full_result_count = False

    tools = (
        Tool(
            slug="block",
            label=_("Block this user"),
            says=lambda user: [_("Every call of this user is refused within 30 seconds, until they are unblocked.")],
            do=_block,
            offered=lambda request, user: _moderates(request) and user.blocked_at is None,
        ),
        Tool(
            slug="unblock",
            label=_("Unblock this user"),
            says=lambda user: [_("Calls with valid tokens are accepted again within 30 seconds.")],
            do=_unblock,
            offered=lambda request, user: _moderates(request) and user.blocked_at is not None,
        ),
        Tool(
            slug="revoke",
            label=_("Revoke the tokens"),
            says=lambda user: [
                _("Tokens issued until now are refused within 30 seconds. Newer ones are accepted."),
                _("The user is not blocked: whoever signs in anew at the issuer comes in again."),
            ],
            do=_revoke,
            offered=lambda request, user: _moderates(request),
        ),
    )

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
        return _moderates(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # They go with their pool; alone, a deleted user would come back unblocked with the next token.
        return deletes(UserPool, request) and super().has_delete_permission(request, obj)
