"""System checks of the organization API."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register
from django.utils.module_loading import import_string


@register
def members_can_be_recognised(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    for path in getattr(settings, "ORG_MEMBER_AUTHENTICATION", []):
        try:
            import_string(path)
        except ImportError:
            messages.append(
                checks.Error(
                    f"ORG_MEMBER_AUTHENTICATION names {path}, which cannot be imported.",
                    hint="List dotted paths of DRF authentication classes, or leave the list empty: keys alone.",
                    id="orgs.E001",
                )
            )
    return messages
