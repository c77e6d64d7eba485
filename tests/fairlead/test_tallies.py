"""Counting from many threads at once loses nothing and tells nothing twice."""

import threading
from collections import Counter

from fairlead.tallies import Tallies


def test_each_round_tells_what_came_since_the_last():
    tallies = Tallies()
    for key in ("a", "a", "b"):
        tallies.count(key)
    assert tallies.taken() == {"a": 2, "b": 1}
    assert tallies.taken() == {}
    tallies.count("a")
    assert tallies.taken() == {"a": 1}
    assert len(tallies) == 2


def test_threads_that_count_while_another_reads_lose_nothing():
    tallies, told, over = Tallies(), Counter(), threading.Event()

    def read():
        while not over.is_set():
            told.update(tallies.taken())

    def count():
        for number in range(20_000):
            tallies.count(number % 3)

    reader, counters = threading.Thread(target=read), [threading.Thread(target=count) for _ in range(4)]
    for each in (reader, *counters):
        each.start()
    for each in counters:
        each.join()
    over.set()
    reader.join()
    told.update(tallies.taken())
    assert sum(told.values()) == 80_000
