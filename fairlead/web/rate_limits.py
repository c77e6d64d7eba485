"""How often a credential may be tried: fixed windows, counted atomically for all processes together.

Counted in the shared cache where there is one (Redis), else in the database, also while the cache is gone: a limit that
disappears with the cache is no limit. Windows of different keys begin at different times, so not all end at once.
"""

import hashlib
import logging
import random
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from fairlead import client
from fairlead.conf import conf
from fairlead.refusal import Refused
from fairlead.web.models import AttemptCounter

try:
    from redis.exceptions import RedisError
except ImportError:
    _CACHE_FAULTS: tuple[type[Exception], ...] = (OSError, ValueError)
else:
    _CACHE_FAULTS = (RedisError, OSError, ValueError)

log = logging.getLogger(__name__)


class RateLimited(Refused):
    """Too many attempts. `retry_after` is in seconds."""

    code = "throttled"
    retry_after: int

    def __init__(self, retry_after: int) -> None:
        self.retry_after = max(1, retry_after)
        super().__init__(f"Too many attempts. Try again in {self.retry_after} seconds.")


def hit(scope: str, key: str, *, times: int, seconds: int) -> None:
    """Count one attempt of `key` in `scope`. Raises RateLimited from the attempt after `times` within `seconds`."""
    wait = _hit(scope, key, times=times, seconds=seconds)
    if wait is not None:
        raise RateLimited(wait)


def per_network(scope: str, times: int, seconds: int) -> type[BaseThrottle]:
    """A DRF throttle class: `times` requests per client network within `seconds`, over all views of the scope."""

    class PerNetwork(BaseThrottle):
        _wait: int | None = None

        def allow_request(self, request: Request, view: APIView) -> bool:
            if request.method == "OPTIONS":
                return True
            self._wait = _hit(scope, client.network(request), times=times, seconds=seconds)
            return self._wait is None

        def wait(self) -> float | None:
            return self._wait

    return PerNetwork


def retry_later(response: HttpResponse, refused: Any) -> HttpResponse:
    """The answer to a refusal, with Retry-After where the refusal names a time."""
    if retry_after := getattr(refused, "retry_after", None):
        response["Retry-After"] = str(retry_after)
    return response


def _hit(scope: str, key: str, *, times: int, seconds: int) -> int | None:
    if not conf().rate_limits:
        return None
    digest = hashlib.sha256(f"{scope}\0{key}".encode("utf-8", "surrogatepass")).digest()
    now = timezone.now().timestamp()
    offset = int.from_bytes(digest[:4], "big") % seconds
    window = int((now + offset) // seconds)
    ends = (window + 1) * seconds - offset
    name = hashlib.sha256(digest + str(window).encode()).hexdigest()
    if _count(name, ends_at=ends, seconds=seconds) > times:
        return max(1, int(ends - now) + 1)
    return None


def _count(name: str, *, ends_at: float, seconds: int) -> int:
    if _cache_is_shared():
        try:
            cache.add(f"attempts:{name}", 0, timeout=seconds + 1)
            return int(cache.incr(f"attempts:{name}"))
        except _CACHE_FAULTS:
            log.warning("rate limits: the cache does not answer; counting in the database")
    return _count_in_database(name, ends_at=datetime.fromtimestamp(ends_at, tz=UTC))


def _cache_is_shared() -> bool:
    return "redis" in settings.CACHES["default"]["BACKEND"].lower()


def _count_in_database(name: str, *, ends_at: datetime) -> int:
    with transaction.atomic():
        if not AttemptCounter.objects.filter(pk=name).update(count=F("count") + 1):
            try:
                with transaction.atomic():
                    AttemptCounter.objects.create(pk=name, count=1, ends_at=ends_at)
            except IntegrityError:
                AttemptCounter.objects.filter(pk=name).update(count=F("count") + 1)
        count = AttemptCounter.objects.values_list("count", flat=True).get(pk=name)
    if random.random() < 0.01:  # noqa: S311 - decides only who sweeps
        forget_ended(timezone.now())
    return count


def forget_ended(now: datetime) -> int:
    """Delete counters whose window has ended. Returns how many."""
    return AttemptCounter.objects.filter(ends_at__lt=now).delete()[0]
