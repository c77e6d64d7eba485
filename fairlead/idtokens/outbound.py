"""The two Fetchers of this installation, made from Django settings when called.

`providers()` may also go to OIDC_PRIVATE_ORIGINS, `pools()` to POOL_PRIVATE_ORIGINS: what an operator allows for the
identity provider that they run themselves is not open to URLs that tenants enter. Fetchers with equal settings share
their kept connections.
"""

from fairlead.conf import conf
from fairlead.idtokens.fetch import Fetcher


def providers() -> Fetcher:
    """For sign-in providers, which an operator configures."""
    return _fetcher("OIDC_PRIVATE_ORIGINS")


def pools() -> Fetcher:
    """For user pools, which tenants configure."""
    return _fetcher("POOL_PRIVATE_ORIGINS")


def _fetcher(setting: str) -> Fetcher:
    values = conf()
    return Fetcher(
        private_origins=frozenset(getattr(values, setting.lower())),
        setting=setting,
        proxy=values.outbound_proxy or None,
        ca_bundle=values.outbound_ca_bundle or None,
    )
