"""Everything this app shows in the admin: importing registers it."""

from oidc_login.admin import identities, provider_pages, providers  # noqa: F401
