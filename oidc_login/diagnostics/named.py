"""What whoever has to change a provider knows its parts by: settings with their source, or fields in the admin."""

from django.utils.translation import gettext, gettext_noop

from fairlead import named_settings
from fairlead.causes import TABLE, Cause
from oidc_login import providers
from oidc_login.providers import ProviderConfig

_LONGEST = 50  # characters of a value

_FIELDS = {
    "issuer": gettext_noop("the issuer of the provider {slug} in the admin"),
    "client_id": gettext_noop("the client id of the provider {slug} in the admin"),
    "client_secret": gettext_noop("the client secret of the provider {slug} in the admin"),
    "client_auth": gettext_noop("the client authentication of the provider {slug} in the admin"),
    "scopes": gettext_noop("the scopes of the provider {slug} in the admin"),
}
_KEYS = {"issuer": "OIDC_ISSUER_URL"}
_OF_KEY = {
    "OIDC_ISSUER_URL": "issuer",
    "OIDC_CLIENT_ID": "client_id",
    "OIDC_CLIENT_SECRET": "client_secret",
    "OIDC_SCOPES": "scopes",
    "OIDC_TRUST_EMAIL": "trust_email",
    "OIDC_LINKING": "linking",
    "OIDC_MOBILE_CLIENT_IDS": "mobile_client_ids",
}


def noted(why: Cause, *, provider_id: str) -> Cause:
    """The cause with what the parts of the provider that decided are set to: in its settings, or in the admin."""
    parts = [_OF_KEY[key] for key in TABLE[why.id].settings if key in _OF_KEY]
    provider = providers.by_id(provider_id, enabled_only=False) if parts and provider_id else None
    if provider is None or provider.from_settings:
        return named_settings.noted(why)
    place = f"admin, {provider.slug}"
    told = [
        f"{name} ({place})" if name == "client_secret" else f"{name}={_value(provider, name)} ({place})"
        for name in parts
    ]
    return named_settings.noted(why, told)


def _value(provider: ProviderConfig, name: str) -> str:
    return named_settings.written(getattr(provider, name))[:_LONGEST]


def part(provider: ProviderConfig, field: str) -> str:
    if provider.from_settings:
        return named_settings.setting(_KEYS.get(field, f"OIDC_{field.upper()}"))
    return gettext(_FIELDS[field]).format(slug=provider.slug)
