"""System checks of the provider settings: what cannot work, or must not, is said before anybody signs in."""

from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, register

from fairlead import origins
from fairlead.conf import after_settings, conf, source
from fairlead.idtokens import shared_issuers


@register()
@after_settings
def provider_of_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The OIDC_ variables belong together."""
    issuer, client_id = conf().oidc_issuer_url, conf().oidc_client_id
    if not issuer and not client_id:
        return _enabled_without_provider()
    if not issuer or not client_id:
        missing = "OIDC_CLIENT_ID" if issuer else "OIDC_ISSUER_URL"
        return [checks.Error(f"{missing} is not set.", hint="Set both, or neither.", id="oidc_login.E001")]
    return [*_disabled(), *_issuer_problems(issuer)]


def _enabled_without_provider() -> list[CheckMessage]:
    if not conf().oidc_enabled:
        return []
    return [
        checks.Warning(
            "OIDC_ENABLED is true, but the environment names no provider.",
            hint="Set OIDC_ISSUER_URL and OIDC_CLIENT_ID. A provider made in the admin needs no OIDC_ENABLED.",
            id="oidc_login.W001",
        )
    ]


def _disabled() -> list[CheckMessage]:
    if conf().oidc_enabled:
        return []
    return [
        checks.Warning(
            "The environment names a provider that is not enabled.", hint="Set OIDC_ENABLED=true.", id="oidc_login.W002"
        )
    ]


def _issuer_problems(issuer: str) -> list[CheckMessage]:
    if "{" in issuer:
        return [
            checks.Error(
                "OIDC_ISSUER_URL has a placeholder: tokens of every organization would fit it, and none would match.",
                hint="Put your tenant's id in place of the braces.",
                id="oidc_login.E002",
            )
        ]
    try:
        place = origins.read(issuer)
    except ValueError as error:
        return [_no_issuer(str(error))]
    found: list[CheckMessage] = []
    if conf().oidc_trust_email == "always" and shared_issuers.people_of_many(issuer):
        found.append(
            checks.Error(
                "OIDC_TRUST_EMAIL is always for an issuer that many organizations share: anyone there can write your "
                "people's addresses into their profile.",
                hint="Leave it at never; the provider sends email_verified.",
                id="oidc_login.E003",
            )
        )
    if place.scheme == "http" and place.origin not in conf().oidc_private_origins:
        found.append(
            checks.Error(
                "OIDC_ISSUER_URL is plain http.",
                hint=f"Use https; or, if it is on a network of your own: {_line('OIDC_PRIVATE_ORIGINS', place.origin)}",
                id="oidc_login.E004",
            )
        )
    return found


def _no_issuer(why: str) -> CheckMessage:
    """Nothing of the value is shown: it may be another variable's secret."""
    return checks.Error(
        f"OIDC_ISSUER_URL is no address of a provider. {why}",
        hint=f"For example: {_line('OIDC_ISSUER_URL', 'https://id.example.org/realms/shop')}",
        id="oidc_login.E012",
    )


def _line(key: str, value: str) -> str:
    """The line to paste, as whoever set the key writes it."""
    name = source(key).name
    if name.startswith("FAIRLEAD["):
        listed = f'["{value}"]' if key.endswith("S") else f'"{value}"'
        return f'"{key}": {listed},'
    return f"{name}={value}"
