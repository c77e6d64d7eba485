"""Judging a URL by its text alone, before any name is looked up.

Owns the rule which origins may be contacted: https anywhere public, and the exact origins the operator listed. The
address behind the name is judged later, where the socket opens (`connections`). The threat: two readers of one URL
(ours and the HTTP library's) that disagree about its host; so everything unusual is refused instead of understood.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from fairlead import origins
from fairlead.idtokens.addresses import is_public
from fairlead.idtokens.errors import FetchRefused

MAX_URL = 2048
_URL = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?")
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
    parts, host, port = _split(url)
    origin = origins.of_parts(parts.scheme, host, port)
    if origin in private_origins:
        return Destination(url=url, origin=origin, private=True)
    remedy = f"If {origin} is yours and meant, list exactly this origin in {setting}."
    if parts.scheme != "https":
        raise FetchRefused(f"The URL must begin with https://. {remedy}")
    if port not in {None, 443} and port < 1024:
        raise FetchRefused(f"Port {port} is not one for https. {remedy}")
    if ":" in host or _DOTTED.fullmatch(host):
        if not is_public(host):
            raise FetchRefused(f"{host} is not a public address. {remedy}")
    elif _LAST_LABEL_IS_A_NUMBER.fullmatch(host):
        raise FetchRefused("The host of the URL is an IP address in an unusual form. Write it as four decimal numbers.")
    return Destination(url=url, origin=origin, private=False)


def _split(url: str) -> tuple[SplitResult, str, int | None]:
    _require_plain_text(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise FetchRefused("The URL cannot be read.") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise FetchRefused("The URL must be absolute and begin with https://.")
    if "@" in parts.netloc:
        raise FetchRefused("The URL must not hold a user name or password.")
    if parts.netloc.endswith(":") or port == 0:
        raise FetchRefused("The port of the URL cannot be read.")
    if len(host) > 254 or "%" in host or (":" not in host and not _NAME.fullmatch(host)):
        raise FetchRefused("The host of the URL is no host name.")
    return parts, host, port


def _require_plain_text(url: str) -> None:
    if len(url) > MAX_URL:
        raise FetchRefused(f"The URL is longer than {MAX_URL} characters.")
    if url.startswith("$"):
        raise FetchRefused("This looks like an unexpanded shell variable, not like a URL.")
    if "#" in url:
        raise FetchRefused("The URL must not have a fragment (#).")
    if not _URL.fullmatch(url):
        raise FetchRefused("The URL holds characters that no URL may hold; write names in their xn-- form.")
