"""Counted attempts."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisGone

from fairlead.conf import Rate
from fairlead.web import attempt_counters, rate_limits
from fairlead.web.models import AttemptCounter
from fairlead.web.rate_limits import RateLimited
from tests.configure import configure


@pytest.mark.django_db
def test_attempt_after_the_last_one_is_refused(settings):
    configure(settings, RATE_LIMITS=True)
    for _ in range(3):
        rate_limits.hit("scope", "key", Rate("3/60"))
    with pytest.raises(RateLimited) as refused:
        rate_limits.hit("scope", "key", Rate("3/60"))
    assert 1 <= refused.value.retry_after <= 61
    rate_limits.hit("scope", "another", Rate("3/60"))
    rate_limits.hit("another", "key", Rate("3/60"))


@pytest.mark.django_db
def test_limits_hold_while_the_cache_is_gone(settings, monkeypatch):
    configure(settings, RATE_LIMITS=True)
    monkeypatch.setattr(attempt_counters, "_cache_is_shared", lambda: True)

    def gone(*args, **kwargs):
        raise RedisGone

    monkeypatch.setattr(attempt_counters.cache, "add", gone, raising=False)
    rate_limits.hit("scope", "key", Rate("1/60"))
    with pytest.raises(RateLimited):
        rate_limits.hit("scope", "key", Rate("1/60"))


@pytest.mark.django_db
def test_counter_keeps_no_address():
    AttemptCounter.objects.all().delete()
    attempt_counters._count_in_database("a" * 64, ends_at=datetime(2000, 1, 1, tzinfo=UTC))
    assert attempt_counters.forget_ended(timezone.now()) == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_attempts_are_all_counted(settings):
    configure(settings, RATE_LIMITS=True)
    refused = []

    def attempt():
        try:
            rate_limits.hit("parallel", "key", Rate("5/3600"))
        except RateLimited:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7
