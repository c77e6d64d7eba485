"""What an organization's pages and mails call a person, whatever a host's users are."""

from typing import Any


def name_of(user: Any) -> str:
    """The full name; where there is none, what the user model itself says."""
    return str(user.get_full_name() if hasattr(user, "get_full_name") else "") or str(user)


def address_of(user: Any) -> str:
    """The e-mail address, or empty text where the site's users have none."""
    field = user.get_email_field_name() if hasattr(user, "get_email_field_name") else "email"
    return str(getattr(user, field, "") or "")


def language_of(user: Any) -> str:
    """The code of the language that mails to them speak, or empty text where the site's users have none."""
    return str(getattr(user, "language", "") or "")
