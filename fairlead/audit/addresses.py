"""E-mail addresses in the record: never as they are, only as an HMAC under a key derived from SECRET_KEY.

Whoever knows an address finds its rows; whoever reads the table finds no address. With another SECRET_KEY the old rows
are found as long as the old key is among SECRET_KEY_FALLBACKS.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac

from fairlead import email_address

_SALT = "fairlead.audit.addresses"


def digest(address: str) -> str:
    """64 hexadecimal digits; empty for an empty address. Spellings of one address have one digest."""
    return _digest(address, settings.SECRET_KEY) if address else ""


def digests(address: str) -> list[str]:
    """Under every key that may have been used: for looking up."""
    return [_digest(address, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _digest(address: str, key: str) -> str:
    try:
        known = email_address.canonical(address)
    except email_address.InvalidAddress:
        known = address[: email_address.MAX_LENGTH].lower()
    return salted_hmac(_SALT, known.encode("utf-8", "surrogatepass"), secret=key, algorithm="sha256").hexdigest()
