import threading

import pytest
import time_machine
from django.db import transaction

from fairlead.memory import Memory, Stamp, forget_everything


def test_an_entry_lives_for_its_seconds_and_not_longer_when_the_clock_is_set_back() -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        memory: Memory[str, int] = Memory(seconds=5, size=10)
        memory.put("a", 1, stamp=memory.stamp)
        clock.shift(4.9)
        assert memory.get("a") == 1
        clock.shift(0.1)
        assert memory.get("a") is None
        clock.shift(-60)
        assert memory.get("a") is None


def test_what_was_loaded_before_a_change_is_not_kept_after_it() -> None:
    memory: Memory[str, int] = Memory(seconds=5, size=10)
    stamp = memory.stamp
    memory.changes.bump()
    memory.put("a", 1, stamp=stamp)
    assert memory.get("a") is None


@pytest.mark.django_db(transaction=True)
def test_what_was_loaded_between_change_and_commit_is_forgotten_at_commit() -> None:
    memory: Memory[str, int] = Memory(seconds=5, size=10)
    with transaction.atomic():
        memory.changes.changed(transaction.on_commit)
        memory.put("a", 1, stamp=memory.stamp)
        assert memory.get("a") == 1
    assert memory.get("a") is None


def test_it_never_holds_more_than_its_size_and_drops_the_oldest() -> None:
    memory: Memory[int, int] = Memory(seconds=5, size=3)
    for number in range(5):
        memory.put(number, number, stamp=memory.stamp)
    assert [memory.get(number) for number in range(5)] == [None, None, 2, 3, 4]


def test_it_survives_threads() -> None:
    memory: Memory[int, int] = Memory(seconds=5, size=50)
    faults: list[RuntimeError] = []

    def work() -> None:
        try:
            for number in range(3000):
                memory.put(number % 200, number, stamp=memory.stamp)
                memory.get(number % 100)
                if number % 500 == 0:
                    memory.changes.bump()
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
    memory: Memory[str, int] = Memory(seconds=5, size=10, follows=(organizations,))
    memory.put("a", 1, stamp=memory.stamp)
    assert memory.get("a") == 1
    organizations.bump()
    assert memory.get("a") is None


def test_an_entry_counts_within_its_own_limits_and_those_of_the_memory() -> None:
    memory: Memory[str, int] = Memory(seconds=30, size=10)
    memory.put("short", 1, stamp=memory.stamp, now=1000.0, since=990.0, until=1010.0)
    memory.put("long", 2, stamp=memory.stamp, now=1000.0, until=5000.0)
    assert [memory.get("short", now=at) for at in (998.0, 1000.0, 1009.9, 1010.0)] == [None, 1, 1, None]
    assert [memory.get("long", now=at) for at in (1029.9, 1030.0)] == [2, None]


def test_what_is_not_valid_yet_or_not_any_more_is_not_given_out() -> None:
    memory: Memory[str, int] = Memory(seconds=30, size=10)
    memory.put("ended", 1, stamp=memory.stamp, now=1000.0, until=1000.0)
    assert len(memory) == 0
    memory.put("later", 2, stamp=memory.stamp, now=1000.0, since=1005.0)
    assert [memory.get("later", now=at) for at in (1000.0, 1005.0)] == [None, 2]


def test_a_request_that_began_a_moment_before_the_entry_was_made_may_use_it() -> None:
    memory: Memory[str, int] = Memory(seconds=30, size=10)
    memory.put("a", 1, stamp=memory.stamp, now=1000.0)
    assert [memory.get("a", now=at) for at in (998.9, 999.0)] == [None, 1]


def test_looking_up_loads_once_and_keeps_nothing_that_was_not_found() -> None:
    memory: Memory[str, int] = Memory(seconds=5, size=10)
    loads: list[str] = []

    def load(found: int | None) -> int | None:
        loads.append(str(found))
        return found

    assert [memory.look_up("a", lambda: load(None)) for _ in range(2)] == [None, None]
    assert [memory.look_up("a", lambda: load(7)) for _ in range(2)] == [7, 7]
    assert loads == ["None", "None", "7"]


def test_what_changes_while_it_is_loaded_is_loaded_again() -> None:
    memory: Memory[str, int] = Memory(seconds=5, size=10)

    def load_during_a_change() -> int:
        memory.changes.bump()
        return 1

    assert memory.look_up("a", load_during_a_change) == 1
    assert memory.get("a") is None


def test_forgetting_everything_empties_every_memory_of_the_process() -> None:
    one: Memory[str, int] = Memory(seconds=5, size=10)
    one.put("a", 1, stamp=one.stamp)
    forget_everything()
    assert one.get("a") is None
