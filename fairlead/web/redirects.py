"""Where a sign-in may lead: a path of this site, as a *browser* reads it.

Browsers drop tabs and line breaks, take a back slash for a slash, and a proxy may decode once more than we do. So this
takes a short list of what is plain instead of looking for what is bad.
"""

import re
import unicodedata
from urllib.parse import unquote

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest

_MAX_LENGTH = 2000
_DECODINGS = 5
# RFC 3986 path, query and fragment characters, percent-encodings whole. No back slash, no space, no control, ASCII.
_PLAIN = re.compile(r"\A/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})*\Z")
# What a percent-encoding may stand for, but for these. An encoded space is a space to everybody.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


def asked_for(request: HttpRequest) -> str:
    """The path that a page was asked to lead to, or "": `redirect`, or `next` as Django's own `login_required` says."""
    asked = request.POST.get("redirect") or request.GET.get("redirect") or request.GET.get(REDIRECT_FIELD_NAME)
    return safe_path(asked) or ""


def safe_path(value: str | None) -> str | None:
    """The value when it is a path of this site for every reader, else None. Never raises."""
    if not value or len(value) > _MAX_LENGTH or not _PLAIN.match(value):
        return None
    path = re.split(r"[?#]", value, maxsplit=1)[0]
    for _ in range(_DECODINGS):
        if not _harmless(path) or not _harmless(unicodedata.normalize("NFKC", path)):
            return None
        decoded = unquote(path)
        if decoded == path:
            return value
        path = decoded
    return None


def _harmless(path: str) -> bool:
    return not ("//" in path or path.startswith("/.") or _UNSAFE.search(path) or "@" in path.split("/")[1])
