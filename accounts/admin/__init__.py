"""People and the sign-in policy in the administration. Nobody's password is typed in here; secrets are not shown."""

from accounts.admin.people import PersonAdmin, SessionInline
from accounts.admin.policy import SignInPolicyAdmin

__all__ = ["PersonAdmin", "SessionInline", "SignInPolicyAdmin"]
