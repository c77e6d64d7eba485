"""What reaches us from outside: `manage.py doctor` calls our own public address and asks what arrived.

Only whoever has SECRET_KEY can ask, and only this installation can answer: both sign the caller's nonce. For anybody
else there is nothing here.
"""

import secrets
import time

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fairlead import client

# Documentation addresses (RFC 5737): the caller claims to be them, and must not be believed.
CLAIMED = "192.0.2.7"
_GOOD_FOR = 60  # seconds


def question() -> dict[str, str]:
    """The headers of a call, good for a minute."""
    nonce = secrets.token_urlsafe(16)
    asked = f"{nonce}.{int(time.time())}"
    return {"X-Fairlead-Asked": f"{asked}.{signed(asked, 'asked')}", "X-Forwarded-For": CLAIMED}


def signed(text: str, purpose: str) -> str:
    return salted_hmac(f"fairlead.web.health.{purpose}", text, algorithm="sha256").hexdigest()


@never_cache
@require_safe
def answer(request: HttpRequest) -> JsonResponse:
    """How the call arrived. 404 without a good question."""
    asked, _, proof = request.headers.get("X-Fairlead-Asked", "").rpartition(".")
    at = asked.rpartition(".")[2]
    fresh = at.isdecimal() and abs(time.time() - int(at)) <= _GOOD_FOR
    if not fresh or not constant_time_compare(proof, signed(asked, "asked")):
        raise Http404
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return JsonResponse(
        {
            "proof": signed(asked, "answered"),
            "host": request.META.get("HTTP_HOST", ""),
            "secure": request.is_secure(),
            "client": client.address(request),
            "hops": hops[:20],
        }
    )
