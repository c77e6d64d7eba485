from tests.oidc_login.conftest import browser, other_browser, provider
from tests.sdkclients.conftest import keys, other, tenant

__all__ = ["browser", "keys", "other", "other_browser", "provider", "tenant"]
