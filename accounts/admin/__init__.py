"""People and the sign-in policy in the administration. Importing the modules registers their pages."""

from accounts.admin import people, policy  # noqa: F401
