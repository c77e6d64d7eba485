import threading

import pytest
import time_machine
from django.db import transaction

from fairlead.memory import Lookups, Stamp


def test_an_entry_lives_for_its_seconds_and_not_longer_when_the_clock_is_set_back() -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        lookups: Lookups[str, int] = Lookups(seconds=5, size=10)
        lookups.put("a", 1, stamp=lookups.stamp)
        clock.shift(4.9)
        assert lookups.get("a") == 1
        clock.shift(0.1)
        assert lookups.get("a") is None
        clock.shift(-60)
        assert lookups.get("a") is None


def test_what_was_loaded_before_a_change_is_not_kept_after_it() -> None:
    lookups: Lookups[str, int] = Lookups(seconds=5, size=10)
    stamp = lookups.stamp
    lookups.changes.bump()
    lookups.put("a", 1, stamp=stamp)
    assert lookups.get("a") is None


@pytest.mark.django_db(transaction=True)
def test_what_was_loaded_between_change_and_commit_is_forgotten_at_commit() -> None:
    lookups: Lookups[str, int] = Lookups(seconds=5, size=10)
    with transaction.atomic():
        lookups.changes.changed()
        lookups.put("a", 1, stamp=lookups.stamp)
        assert lookups.get("a") == 1
    assert lookups.get("a") is None


def test_it_never_holds_more_than_its_size_and_drops_the_oldest() -> None:
    lookups: Lookups[int, int] = Lookups(seconds=5, size=3)
    for number in range(5):
        lookups.put(number, number, stamp=lookups.stamp)
    assert [lookups.get(number) for number in range(5)] == [None, None, 2, 3, 4]


def test_it_survives_threads() -> None:
    lookups: Lookups[int, int] = Lookups(seconds=5, size=50)
    faults: list[RuntimeError] = []

    def work() -> None:
        try:
            for number in range(3000):
                lookups.put(number % 200, number, stamp=lookups.stamp)
                lookups.get(number % 100)
                if number % 500 == 0:
                    lookups.changes.bump()
        except RuntimeError as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not faults


def test_an_entry_falls_with_the_rows_that_it_follows() -> None:
    organizations = Stamp()
    lookups: Lookups[str, int] = Lookups(seconds=5, size=10, follows=(organizations,))
    lookups.put("a", 1, stamp=lookups.stamp)
    assert lookups.get("a") == 1
    organizations.bump()
    assert lookups.get("a") is None
