"""Names of organizations. A name stands in mails from us: it must carry nobody's link, and nothing that hides."""

import re

from django.utils.translation import gettext_noop

MAX_LENGTH = 100
# What mail programs make links of.
_LINKS = re.compile(r"://|www\.|@|\S\.\S+/", re.IGNORECASE)


class NameRefused(ValueError):
    """Not a name that an organization may have. The text says why."""


def cleaned(given: str) -> str:
    """The name with single spaces. Raises NameRefused."""
    name = " ".join(given.split(" ")).strip()
    # Not printable: control characters and line breaks, and the marks that turn the direction of what follows.
    if not 1 <= len(name) <= MAX_LENGTH or not name.isprintable():
        raise NameRefused(gettext_noop("Enter a name of 1 to 100 visible characters."))
    if _LINKS.search(name):
        raise NameRefused(gettext_noop("A name has no address in it: leave out ://, www. and @."))
    return name
