"""Counters of attempts, each for one window of time, counted atomically for all processes together.

Kept in the shared cache where there is one (Redis), else in the database, also while the cache is gone: a limit that
disappears with the cache is no limit.
"""

import hashlib
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from fairlead import batches
from fairlead.web.models import AttemptCounter

try:
    from redis.exceptions import RedisError
except ImportError:
    _CACHE_FAULTS: tuple[type[Exception], ...] = (OSError, ValueError)
else:
    _CACHE_FAULTS = (RedisError, OSError, ValueError)

_GONE = 5.0  # seconds
_gone_until = 0.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Window:
    """One counter. `seconds` is how long the window is, `ends_at` a time in seconds since the epoch."""

    name: str
    ends_at: float
    seconds: int


def window(scope: str, key: str, *, seconds: int, now: float) -> Window:
    """The window that is open now. Windows of different keys begin at different times, so not all end at once.

    The counter's name is a digest: no address or e-mail is kept.
    """
    digest = hashlib.sha256(f"{scope}\0{seconds}\0{key}".encode("utf-8", "surrogatepass")).digest()
    offset = int.from_bytes(digest[:4], "big") % seconds
    number = int((now + offset) // seconds)
    name = hashlib.sha256(digest + str(number).encode()).hexdigest()
    return Window(name=name, ends_at=(number + 1) * seconds - offset, seconds=seconds)


def read(windows: Sequence[Window]) -> list[int]:
    """How often each was counted."""
    if _cache_is_shared():
        try:
            found = cache.get_many([_key(each) for each in windows])
            return [int(found.get(_key(each), 0)) for each in windows]
        except _CACHE_FAULTS:
            _tell()
    counts = dict(AttemptCounter.objects.filter(pk__in=[each.name for each in windows]).values_list("key", "count"))
    return [counts.get(each.name, 0) for each in windows]


def count(counted: Window) -> int:
    """Count one attempt more. Returns how many there are now."""
    if _cache_is_shared():
        try:
            # Twice as long as the window: the one before is looked at too.
            cache.add(_key(counted), 0, timeout=2 * counted.seconds + 1)
            return int(cache.incr(_key(counted)))
        except _CACHE_FAULTS:
            _tell()
    return _count_in_database(counted.name, ends_at=datetime.fromtimestamp(counted.ends_at + counted.seconds, tz=UTC))


def give_back(counted: Window) -> None:
    """Take one attempt back that was counted: it was none."""
    if _cache_is_shared():
        try:
            cache.decr(_key(counted))
        except ValueError:
            return  # counted in the database meanwhile, or forgotten by the cache
        except _CACHE_FAULTS:
            _tell()
        else:
            return
    AttemptCounter.objects.filter(pk=counted.name, count__gt=0).update(count=F("count") - 1)


def forget(counted: Sequence[Window]) -> None:
    """Begin these counters anew, wherever they are kept: some may have been counted while the cache was gone."""
    AttemptCounter.objects.filter(pk__in=[each.name for each in counted]).delete()
    if _cache_is_shared():
        try:
            cache.delete_many([_key(each) for each in counted])
        except _CACHE_FAULTS:
            _tell()


def forget_ended(now: datetime) -> int:
    """Delete counters that nobody looks at any more. Returns how many."""
    return batches.delete(AttemptCounter.objects.filter(ends_at__lt=now))


def _key(counted: Window) -> str:
    return f"attempts:{counted.name}"


def _cache_is_shared() -> bool:
    return "redis" in settings.CACHES["default"]["BACKEND"].lower() and time.monotonic() >= _gone_until


def _tell() -> None:
    """For a while nobody waits for it: each of its timeouts is half a second of somebody's request."""
    global _gone_until  # noqa: PLW0603 - one per process
    _gone_until = time.monotonic() + _GONE
    log.warning("rate limits: the cache does not answer; counting in the database")


def _count_in_database(name: str, *, ends_at: datetime) -> int:
    with transaction.atomic():
        if not AttemptCounter.objects.filter(pk=name).update(count=F("count") + 1):
            try:
                with transaction.atomic():
                    AttemptCounter.objects.create(pk=name, count=1, ends_at=ends_at)
            except IntegrityError:
                AttemptCounter.objects.filter(pk=name).update(count=F("count") + 1)
        found = AttemptCounter.objects.values_list("count", flat=True).get(pk=name)
    if random.random() < 0.01:  # noqa: S311 - decides only who sweeps
        forget_ended(timezone.now())
    return found
