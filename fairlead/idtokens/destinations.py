"""Judging a URL by its text alone, before any name is looked up.

Owns the rule which origins may be contacted: https anywhere public, and the exact origins the operator listed. The
address behind the name is checked later, where the socket opens (`connections`). What a URL says, `origins` reads.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from fairlead import origins
from fairlead.idtokens.addresses import is_public
from fairlead.idtokens.errors import FetchRefused, NetworkFault

_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_LAST_LABEL_IS_A_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?")


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A URL that may be called. `private` says that its exact origin is on the operator's list."""

    url: str
    origin: str
    private: bool


def check(url: str, *, private_origins: Collection[str], setting: str) -> Destination:
    """The destination that this URL names. Raises FetchRefused, naming the setting that would allow it."""
    try:
        scheme, host, port, origin = origins.read(url)
    except ValueError as error:
        raise FetchRefused(str(error)) from None
    if origin in private_origins:
        return Destination(url=url, origin=origin, private=True)
    remedy = f"If {origin} is yours and meant, list exactly this origin in {setting}."
    if scheme != "https":
        refused = FetchRefused(f"The URL must begin with https://. {remedy}")
        raise refused.because(NetworkFault.NOT_HTTPS, host=origin, setting=setting)
    if port not in {None, 443} and port < 1024:
        raise FetchRefused(f"Port {port} is not one for https.")
    if ":" in host or _DOTTED.fullmatch(host):
        if not is_public(host):
            refused = FetchRefused(f"{host} is not a public address. {remedy}")
            raise refused.because(NetworkFault.PRIVATE_ADDRESS, host=origin, setting=setting)
    elif _LAST_LABEL_IS_A_NUMBER.fullmatch(host):
        raise FetchRefused("The host of the URL is an IP address in an unusual form. Write it as four decimal numbers.")
    return Destination(url=url, origin=origin, private=False)
