"""System checks of the site as a whole. Each app has its own beside it."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from config.mail import NOT_CONFIGURED
from fairlead.conf import after_settings, conf


@register(Tags.security, deploy=True)
@after_settings
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
@after_settings
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


@register(Tags.security, deploy=True)
@after_settings
def mails_can_be_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """With passwords, people depend on mailed links: to confirm an address, to choose a new password."""
    if conf().disable_internal_auth or settings.EMAIL_BACKEND != NOT_CONFIGURED:
        return []
    return [
        checks.Warning(
            "EMAIL_URL is not set: nobody can confirm an address or reset a password.",
            hint="Add: EMAIL_URL=smtp+tls://user:password@mail.example.org:587, or DISABLE_INTERNAL_AUTH=true where"
            " everybody signs in through a provider.",
            id="fairlead.W003",
        )
    ]


@register(Tags.security, deploy=True)
@after_settings
def somebody_ends_tls(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Our server speaks http. A request that a proxy passes on is https only if the proxy's word for it is taken."""
    if not conf().on_https or conf().trusted_proxies:
        return []
    return [
        checks.Warning(
            "APP_URL is https and TRUSTED_PROXIES is 0: behind a proxy that ends TLS every page redirects to itself.",
            hint="Set TRUSTED_PROXIES to how many proxies append to X-Forwarded-For, mostly: TRUSTED_PROXIES=1",
            id="fairlead.W004",
        )
    ]
