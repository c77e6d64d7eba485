"""What counts as an e-mail address here, and when two of them are one.

One canonical form: ASCII letters in lower case, the domain as strict IDNA 2008 A-labels, nothing else folded. No
mapping (UTS 46, NFKC, full Unicode case folding): those turn look-alike letters into ASCII, and with them one person's
address into another's (CVE-2019-19844). A look-alike is refused instead.
"""

import re
import string

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop

MAX_LENGTH = 254
_LOCAL = re.compile(r"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class InvalidAddress(ValueError):
    """Not an address that Fairlead accepts. The text says why, without repeating the address."""


def canonical(address: str) -> str:
    """The form under which an address is looked up and unique. Raises InvalidAddress.

    Dot-atom local parts only (RFC 5322 3.2.3): no quoted strings, no comments, no address literals.
    """
    if len(address) > MAX_LENGTH:
        raise InvalidAddress(gettext_noop("An e-mail address has at most 254 characters."))
    local, at, domain = address.partition("@")
    if not at or "@" in domain or not _LOCAL.match(local) or len(local) > 64:
        raise InvalidAddress(gettext_noop("Enter an e-mail address such as name@example.org."))
    made = f"{local.translate(_LOWER)}@{canonical_domain(domain)}"
    if len(made) > MAX_LENGTH:
        raise InvalidAddress(gettext_noop("An e-mail address has at most 254 characters."))
    return made


def canonical_domain(domain: str) -> str:
    """A domain in lower-case A-labels. Raises InvalidAddress, also for an address literal or a bare host name."""
    lowered = domain.translate(_LOWER)
    try:
        encoded = idna.encode(lowered, strict=True, uts46=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise InvalidAddress(gettext_noop("The part after the @ is not a domain name.")) from None
    labels = encoded.split(".")
    if (len(labels) < 2 and encoded != "localhost") or labels[-1].isdigit() or not labels[-1]:
        raise InvalidAddress(gettext_noop("The part after the @ is not a domain name."))
    if len(encoded) > 190:
        raise InvalidAddress(gettext_noop("The part after the @ is too long."))
    return encoded


def validate(address: str) -> None:
    """Django's validator form of `canonical`."""
    try:
        canonical(address)
    except InvalidAddress as error:
        raise ValidationError(gettext(str(error)), code="invalid") from None
