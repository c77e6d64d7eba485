"""Rows that the admin shows and nobody edits there, whatever rights they have."""

from typing import Any

from django.http import HttpRequest


class ReadOnlyRows:
    """Goes before ModelAdmin or an inline of it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
