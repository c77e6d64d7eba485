"""How often something may be tried, for the doors: refusals with the time to wait. Counting is attempt_counters'."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from fairlead import client, metrics, named_settings
from fairlead.causes import SET_TO
from fairlead.conf import Rate, conf
from fairlead.refusal import Refused
from fairlead.web import attempt_counters, put_back


class RateLimited(Refused):
    """Too many attempts. `retry_after` is in seconds."""

    code = "throttled"
    cause_id = "rate_limit.full"
    retry_after: int

    def __init__(self, retry_after: int, *, limit: str | Rate = "") -> None:
        self.retry_after = max(1, retry_after)
        self.facts = {"wait": self.retry_after, **_set_to(limit)}
        sentence = ngettext(
            "Too many attempts. Try again in {wait} second.",
            "Too many attempts. Try again in {wait} seconds.",
            self.retry_after,
        )
        super().__init__(sentence.format(wait=self.retry_after))


def hit(scope: str, key: str, limit: str | Rate, *, times_as_many: int = 1) -> None:
    """Count one attempt of `key` in `scope`. Raises RateLimited from the attempt after the last one of the limit.

    `limit` is the setting that says it, in lower case, or a limit that is nobody's to set; `times_as_many` for a name
    that strangers share.
    """
    wait = _hit(scope, key, limit, times_as_many=times_as_many)
    if wait is not None:
        raise RateLimited(wait, limit=limit)


def per_network(scope: str, limit: str) -> type[BaseThrottle]:
    """A DRF throttle class: as many requests per client network as the setting `limit` (in lower case) says, over all
    views of the scope."""

    class PerNetwork(BaseThrottle):
        _wait: int | None = None

        def allow_request(self, request: Request, view: APIView) -> bool:
            if request.method == "OPTIONS" or put_back.tried_before(request._request):
                return True
            self._wait = _hit(scope, client.network(request), limit)
            if self._wait is not None:
                known: Any = request._request
                known.full_limit = limit
            return self._wait is None

        def wait(self) -> float | None:
            return self._wait

    return PerNetwork


def of_framework(error: Any, request: HttpRequest | None) -> RateLimited:
    """What a throttle class of ours, or of a host's, made the framework raise."""
    return RateLimited(int(getattr(error, "wait", None) or 0) + 1, limit=getattr(request, "full_limit", ""))


def _set_to(limit: str | Rate) -> dict[str, str]:
    """The fact that names the setting of a limit; a limit that is nobody's to set has none."""
    if isinstance(limit, Rate) or not limit:
        return {}
    return {SET_TO: f"{named_settings.setting(limit.upper())}, {named_settings.setting('TRUSTED_PROXIES')}"}


def retry_later(response: HttpResponse, refused: Any) -> HttpResponse:
    """The answer to a refusal, with Retry-After where the refusal names a time."""
    if retry_after := getattr(refused, "retry_after", None):
        response["Retry-After"] = str(retry_after)
    return response


def _hit(scope: str, key: str, limit: str | Rate, *, times_as_many: int = 1) -> int | None:
    if not conf().rate_limits:
        return None
    rate = limit if isinstance(limit, Rate) else getattr(conf(), limit)
    now = timezone.now().timestamp()
    window = attempt_counters.window(scope, key, seconds=rate.seconds, now=now)
    if attempt_counters.count(window) > rate.times * times_as_many:
        metrics.throttled.count(scope)
        return max(1, int(window.ends_at - now) + 1)
    return None
