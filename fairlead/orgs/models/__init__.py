"""Organizations, the people in them and those who are invited, and their API keys.

Invariants stand here as constraints; the rules are in `organizations`, `slug_owners` and `api_keys`. People are known
through AUTH_USER_MODEL alone.
"""

from fairlead.orgs.models.api_key import ApiKey
from fairlead.orgs.models.invitation import Invitation
from fairlead.orgs.models.membership import Membership, RoleSource
from fairlead.orgs.models.organization import FormerSlug, Organization
from fairlead.orgs.models.role import Role

__all__ = ["ApiKey", "FormerSlug", "Invitation", "Membership", "Organization", "Role", "RoleSource"]
