"""A choice among many rows in the administration, found by typing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.admin.widgets import AutocompleteSelect


class ChosenById(AutocompleteSelect):
    """For rows known by a UUID. Django's own widget fails when it is to show again what is none."""

    def optgroups(self, name: str, value: Sequence[Any], attrs: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [each for each in value if not each or _is_id(str(each))], attrs)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
