"""Threads of its own: no more of them than were asked for, whoever calls, and what they raise arrives."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fairlead.own_threads import OwnThreads
from fairlead.places import NoPlace
from tests.held_places import held_by_another


def test_work_is_done_in_the_same_few_threads_whoever_asks() -> None:
    threads = OwnThreads("few", 2, places=16, waiting=0, seconds=0.0)
    with ThreadPoolExecutor(16) as callers:
        names = set(callers.map(lambda _: threads.run(lambda: threading.current_thread().name), range(64)))
    assert names <= {"few_0", "few_1"}


def test_what_is_raised_there_arrives_here() -> None:
    threads = OwnThreads("few", 1, places=1, waiting=0, seconds=0.0)

    def fail() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        threads.run(fail)
    assert threads.run(lambda: 1) == 1


def test_a_place_within_a_place_is_the_same() -> None:
    threads = OwnThreads("few", 1, places=1, waiting=0, seconds=0.0)
    with threads.place():
        assert threads.run(threads.occupancy) == (1, 1, 0)
    assert threads.occupancy() == (0, 1, 0)


def test_who_finds_none_is_told() -> None:
    threads = OwnThreads("few", 1, places=1, waiting=1, seconds=0.01)
    with held_by_another(threads), pytest.raises(NoPlace):
        threads.run(lambda: 1)
