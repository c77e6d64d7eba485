"""An origin in its one canonical form, so that two spellings of one place never differ (RFC 6454 4). No Django here.

Lower case, without the scheme's default port, IPv6 in brackets. Whether a place may be called is not decided here:
`idtokens.destinations` does that.
"""

from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def of_parts(scheme: str, host: str, port: int | None) -> str:
    host = host.lower()
    bracketed = f"[{host}]" if ":" in host else host
    return f"{scheme}://{bracketed}" + ("" if port in {None, _DEFAULT_PORTS.get(scheme)} else f":{port}")


def of(url: str) -> str:
    """The origin of an absolute http(s) URL. Raises ValueError saying what is wrong with the text."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        raise ValueError("is not an absolute http(s) URL")
    return of_parts(parts.scheme, parts.hostname, parts.port)


def exactly(text: str) -> str:
    """The origin that `text` names and nothing beside it: no path, query or fragment. Raises ValueError."""
    bare = text.rstrip("/")
    parts = urlsplit(bare)
    if parts.path or parts.query or parts.fragment:
        raise ValueError("must be scheme, host and port only, without a path")
    return of(bare)
