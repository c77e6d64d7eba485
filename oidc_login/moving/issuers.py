"""Which of our providers an issuer that another package wrote down means."""

from oidc_login import providers
from oidc_login.models import Provider
from oidc_login.providers import ProviderConfig

_DISCOVERY = "/.well-known/openid-configuration"


def provider_of(written: str) -> ProviderConfig | None:
    """The configured provider with this issuer, enabled or not.

    Other packages store a discovery address, or the issuer with or without its last slash; ours is exact, because `iss`
    is compared character by character. So the exact text is always our provider's own.
    """
    wanted = _bare(written)
    rows = Provider.objects.filter(organization=None)
    candidates = [providers.of_settings(), *(providers.of_row(row) for row in rows)]
    return next((each for each in candidates if each and _bare(each.issuer) == wanted), None)


def _bare(issuer: str) -> str:
    return issuer.strip().removesuffix(_DISCOVERY).rstrip("/")
