"""The e-mail addresses of a site's own users, in the forms in which they are stored, compared and typed."""

from typing import Any

import idna

from fairlead import email_address


def of(user: Any) -> str:
    return str(getattr(user, user.get_email_field_name(), None) or "")


def canonical_of(user: Any) -> str:
    return canonical(of(user))


def canonical(email: str) -> str:
    """Empty for what is no address: nobody is found by it."""
    try:
        return email_address.canonical(email)
    except email_address.InvalidAddress:
        return ""


def in_unicode(canonical: str) -> str:
    """The address as a person may have typed it: the domain in its own script."""
    local, _, domain = canonical.partition("@")
    try:
        return f"{local}@{idna.decode(domain)}"
    except (idna.IDNAError, UnicodeError):
        return canonical
