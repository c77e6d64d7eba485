"""An origin in its one canonical form, so that two spellings of one place never differ (RFC 6454 4). No Django here.

Lower case, without the scheme's default port, IPv6 in brackets. The threat: two readers of one URL (ours and the HTTP
library's) that disagree about its host; so everything unusual is refused instead of understood. Settings, checks and
the door to the outside read URLs here alone; whether a place may be called, `idtokens.destinations` decides.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

MAX_URL = 2048
_DEFAULT_PORTS = {"http": 80, "https": 443}
_URL = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?")


class Place(NamedTuple):
    """Where a URL leads. `host` is in lower case, IPv6 without brackets."""

    scheme: str
    host: str
    port: int | None
    origin: str


def of_parts(scheme: str, host: str, port: int | None) -> str:
    host = host.lower()
    bracketed = f"[{host}]" if ":" in host else host
    return f"{scheme}://{bracketed}" + ("" if port in {None, _DEFAULT_PORTS.get(scheme)} else f":{port}")


def read(url: str) -> Place:
    """Where an absolute http(s) URL leads. Raises ValueError with a sentence that says what is wrong with it."""
    _require_plain_text(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("The URL cannot be read.") from None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise ValueError("The URL must be absolute and begin with https://.")
    if "@" in parts.netloc:
        raise ValueError("The URL must not hold a user name or password.")
    if parts.netloc.endswith(":") or port == 0:
        raise ValueError("The port of the URL cannot be read.")
    if len(host) > 254 or "%" in host or (":" not in host and not _NAME.fullmatch(host)):
        raise ValueError("The host of the URL is no host name.")
    return Place(parts.scheme, host, port, of_parts(parts.scheme, host, port))


def of(url: str) -> str:
    """The origin of an absolute http(s) URL. Raises ValueError."""
    return read(url).origin


def exactly(text: str) -> str:
    """The origin that `text` names and nothing beside it: no path, query or fragment. Raises ValueError."""
    origin = of(text.rstrip("/"))
    parts = urlsplit(text.rstrip("/"))
    if parts.path or parts.query:
        raise ValueError("The URL must be scheme, host and port only, without a path.")
    return origin


def _require_plain_text(url: str) -> None:
    if len(url) > MAX_URL:
        raise ValueError(f"The URL is longer than {MAX_URL} characters.")
    if url.startswith("$"):
        raise ValueError("This looks like an unexpanded shell variable, not like a URL.")
    if "#" in url:
        raise ValueError("The URL must not have a fragment (#).")
    if not _URL.fullmatch(url):
        raise ValueError("The URL holds characters that no URL may hold; write names in their xn-- form.")
