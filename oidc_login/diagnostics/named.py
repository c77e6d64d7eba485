"""What whoever has to change a provider knows its parts by: settings with their source, or fields in the admin."""

from django.utils.translation import gettext, gettext_noop

from fairlead.web.health import naming
from oidc_login.providers import ProviderConfig

_FIELDS = {
    "issuer": gettext_noop("the issuer of the provider {slug} in the admin"),
    "client_id": gettext_noop("the client id of the provider {slug} in the admin"),
    "client_secret": gettext_noop("the client secret of the provider {slug} in the admin"),
    "client_auth": gettext_noop("the client authentication of the provider {slug} in the admin"),
    "scopes": gettext_noop("the scopes of the provider {slug} in the admin"),
}
_KEYS = {"issuer": "OIDC_ISSUER_URL"}


def part(provider: ProviderConfig, field: str) -> str:
    if provider.from_settings:
        return naming.setting(_KEYS.get(field, f"OIDC_{field.upper()}"))
    return gettext(_FIELDS[field]).format(slug=provider.slug)
