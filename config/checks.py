"""System checks of the site as a whole. Each app has its own beside it."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from fairlead.conf import conf


@register(Tags.security, deploy=True)
def app_url_is_https(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if conf().on_https:
        return []
    return [
        checks.Warning(
            "APP_URL is not https: passwords and tokens travel readable.",
            hint="Put a TLS proxy in front, set APP_URL=https://... and TRUSTED_PROXIES to the number of proxies.",
            id="fairlead.W001",
        )
    ]


@register(Tags.security, deploy=True)
def production_is_not_development(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPMENT:
        return [
            checks.Warning(
                "FAIRLEAD_ENV is development: unsafe values are not refused.",
                hint="Leave FAIRLEAD_ENV out in production.",
                id="fairlead.W002",
            )
        ]
    return []
