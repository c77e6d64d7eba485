"""Key set snapshots, for looking only: a key that somebody typed in would be a key that somebody else can sign with."""

from django.contrib import admin
from django.http import HttpRequest

from fairlead.idtokens.models import RemoteDocument


@admin.register(RemoteDocument)
class RemoteDocumentAdmin(admin.ModelAdmin):
    """Read-only. A row may be deleted, which makes the next token fetch the keys anew."""

    list_display = ("url", "kind", "fetched_at", "fresh_until", "error", "error_at")
    list_filter = ("kind", "error_is_final")
    search_fields = ("url",)
    readonly_fields = tuple(field.name for field in RemoteDocument._meta.fields)
    ordering = ("url", "kind")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RemoteDocument | None = None) -> bool:
        return False
