"""The id of a request: one and the same on the page, in the answer and in the record of what happened."""

import re
import uuid
from typing import Any

from django.http import HttpRequest

# 32 hex digits, as we and nginx make them, or a UUID, as Envoy does. Others would let their author write into pages.
_FORM = re.compile(r"\A(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z")


def well_formed(text: str) -> bool:
    return _FORM.match(text) is not None


def of(request: HttpRequest | None) -> str:
    """What RequestIdMiddleware gave it; in a project without that middleware, one made for whoever asks first."""
    if request is None:
        return ""
    known: Any = request
    if not hasattr(known, "request_id"):
        known.request_id = uuid.uuid4().hex
    return str(known.request_id)
