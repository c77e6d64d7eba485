"""The order in which requests that found no place are tried again, and who gives way where there are too many."""

from collections import Counter
from dataclasses import dataclass

from config.server import lane
from config.server.answers import Answer
from config.server.lane import Held, Lane
from config.server.limits import Limits
from fairlead.web import put_back

ANSWER = Answer("503 Service Unavailable", (), b"")


@dataclass(eq=False)
class Waiting:
    since: float


def held(name, since, *, whose="192.0.2.1"):
    return Held(connection=Waiting(since), name=name, whose=whose, answer=ANSWER)


def filled(**counts):
    found = Lane(Limits(lane=sum(counts.values())))
    for name, count in counts.items():
        for number in range(count):
            assert found.take(held(name, float(number))) is None
    return found


def test_server_and_application_mean_the_same_by_the_same_words():
    words = ("NO_PLACE", "WHOSE", "TRIED_BEFORE")
    assert [getattr(lane, each) for each in words] == [getattr(put_back, each) for each in words]


def test_the_oldest_of_each_name_are_next():
    waiting = filled(many=100, few=3)
    chosen = waiting.next(most=8)
    assert [(each.name, each.since) for each in chosen] == [
        *(("many", float(number)) for number in range(4)),
        *(("few", float(number)) for number in range(3)),
    ]
    assert len(waiting) == 96


def test_one_that_is_tried_in_vain_keeps_its_rank():
    waiting = filled(one=6)
    first = waiting.next(most=8)
    for each in reversed(first):
        assert waiting.take(each) is None
    assert waiting.next(most=8) == first


def test_names_take_turns():
    waiting = filled(**{f"name-{number}": 50 for number in range(10)})
    seen = Counter()
    for _ in range(10):
        chosen = waiting.next(most=8)
        assert len(chosen) == 8
        seen.update(each.name for each in chosen)
        for each in chosen:
            waiting.take(each)
    assert set(seen.values()) == {8}


def test_the_newest_of_the_longest_queue_gives_way():
    waiting = filled(many=10, few=2)
    newcomer = held("few", 20.0)
    given_up = waiting.take(newcomer)
    assert (given_up.name, given_up.since) == ("many", 9.0)
    another = held("many", 21.0)
    assert waiting.take(another) is another
    assert len(waiting) == 12


def test_who_asks_many_times_keeps_nobody_from_the_same_name():
    waiting = filled(one=10)
    late = [held("one", 20.0 + number, whose=f"198.51.100.{number}") for number in range(3)]
    given_up = [waiting.take(each) for each in late]
    assert [(each.whose, each.since) for each in given_up] == [("192.0.2.1", since) for since in (9.0, 8.0, 7.0)]
    assert [each.whose for each in waiting.next(most=8)] == ["192.0.2.1", *(each.whose for each in late)]


def test_patience_counts_from_the_requests_arrival():
    waiting = filled(one=30)
    assert [each.since for each in waiting.over(now=22.5)] == [0.0, 1.0, 2.0]
    assert waiting.over(now=22.5) == []
    assert len(waiting) == 27


def test_one_that_left_is_forgotten():
    waiting = filled(one=1)
    (only,) = waiting.next(most=1)
    assert not waiting.give_up(only.connection)
    waiting.take(only)
    assert waiting.give_up(only.connection)
    assert len(waiting) == 0
