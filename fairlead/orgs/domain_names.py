"""Domain names that an organization says are its own: which texts are names, and in what one form they are kept.

The form is that of the addresses in `fairlead.email_address`: ASCII lower case, strict IDNA 2008 A-labels, nothing
mapped. A Cyrillic look-alike is a name of its own, xn--ggle-55da.com, and is shown as such wherever people decide.
Cleaned before any DNS library sees it: dnspython turns "a b" into "a\\032b" without a word.
"""

import string

import idna

# RFC 1035 2.3.4 allows 253 characters; "_fairlead-challenge." stands before the name when its record is looked for.
CHALLENGE_LABEL = "_fairlead-challenge"
MAX_LENGTH = 253 - len(CHALLENGE_LABEL) - 1
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class NameRefused(ValueError):
    """Not a name that can be proven. The text says why, without repeating the name."""


def cleaned(given: str) -> str:
    """The one form of this name, without the trailing dot of a zone file. Raises NameRefused."""
    # removesuffix, not rstrip: "acme.org.." has an empty label and is a mistake worth hearing about.
    lowered = given.translate(_LOWER).removesuffix(".")
    try:
        # `strict`: only U+002E parts labels. Neither full-width letters nor ideographic dots are turned into ASCII.
        name = idna.encode(lowered, strict=True, uts46=False, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise NameRefused("This is not a domain name. Enter one such as acme.org, without http:// or a path.") from None
    labels = name.split(".")
    if not all(labels):
        raise NameRefused("This is not a domain name. Enter one such as acme.org, without http:// or a path.")
    if len(labels) < 2:
        raise NameRefused("Enter the name with its ending, such as acme.org.")
    # Browsers take "acme.1" and "acme.0x7f" for IPv4 addresses; no top-level domain begins with a digit.
    if labels[-1][0].isdigit():
        raise NameRefused("This is an address of a machine, not a domain name.")
    if len(name) > MAX_LENGTH:
        raise NameRefused(f"A domain name may have at most {MAX_LENGTH} characters here.")
    return name


def challenge_host(name: str) -> str:
    """Where the TXT record of a cleaned name is looked for."""
    return f"{CHALLENGE_LABEL}.{name}"


def challenge_value(*, service_host: str, slug: str, token: str) -> str:
    """What the record has to say. It names service and organization: who edits a zone sees whom they admit."""
    return f"fairlead={service_host} org={slug} token={token}"
