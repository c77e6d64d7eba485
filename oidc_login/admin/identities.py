"""Who is who at a provider, in the admin: to look at, and to unlink."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest

from oidc_login import identities
from oidc_login.models import ExpectedIdentity, Identity


class _OfUser(admin.ModelAdmin):
    list_filter = ("issuer",)
    list_select_related = ("user",)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return (*super().get_search_fields(request), f"user__{get_user_model().get_email_field_name()}")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Identity)
class IdentityAdmin(_OfUser):
    list_display = ("user", "issuer", "subject", "last_login_at")
    search_fields = ("subject", "issuer")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        identities.remove(obj, actor=request.user, request=request)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for identity in queryset.select_related("user"):
            identities.remove(identity, actor=request.user, request=request)


@admin.register(ExpectedIdentity)
class ExpectedIdentityAdmin(_OfUser):
    """Deleting one means: whoever comes is not taken for this account."""

    list_display = ("user", "issuer", "address", "expires_at", "used_at")
    search_fields = ("address", "issuer")
