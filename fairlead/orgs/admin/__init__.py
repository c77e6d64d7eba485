"""Organizations and API keys in the admin."""

from fairlead.orgs.admin import api_keys, organizations

__all__ = ["api_keys", "organizations"]
