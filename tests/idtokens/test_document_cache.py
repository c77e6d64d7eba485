"""The mechanism of the document cache, with real threads, a store in memory and a clock of its own. Counts, not timings."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from fairlead.idtokens import budgets, document_cache, slots
from fairlead.idtokens.budgets import Budget
from fairlead.idtokens.document_cache import DocumentCache
from fairlead.idtokens.documents import COOLDOWN, Crowded, OverBudget, Snapshot, Source, Unavailable, fresh_seconds
from fairlead.idtokens.errors import FetchFailed, FetchRefused
from fairlead.idtokens.fetched import Fetched

URL = "https://issuer.example/keys"
EMPTY = Snapshot(
    document=None,
    fetched_at=0,
    fresh_until=0,
    next_fetch_at=0,
    claimed_at=0,
    error="",
    error_at=0,
    error_is_final=False,
)


class Clock:
    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


class MemoryStore:
    """What the database does, for several caches (processes) at once."""

    def __init__(self):
        self.rows = {}
        self.lock = threading.Lock()
        self.budget = 1000
        self.loads = 0

    def load(self, kind, url):
        self.loads += 1
        return self.rows.get((kind, url))

    def claim(self, kind, url, *, now):
        with self.lock:
            row = self.rows.get((kind, url), EMPTY)
            if row.next_fetch_at > now:
                return False
            self.rows[kind, url] = replace(row, next_fetch_at=now + COOLDOWN, claimed_at=now)
            return True

    def release(self, kind, url, *, claimed_at):
        self.rows[kind, url] = replace(self.rows[kind, url], next_fetch_at=claimed_at, claimed_at=0)

    def used_up(self, budgets, *, now):
        return budgets[0] if self.budget <= 0 else None

    def spend(self, budgets, *, now):
        self.budget -= 1
        return budgets[0] if self.budget < 0 else None

    def keep(self, kind, url, *, document, fetched_at, fresh_until):
        self.rows[kind, url] = replace(
            self.rows[kind, url], document=document, fetched_at=fetched_at, fresh_until=fresh_until, error=""
        )

    def fail(self, kind, url, *, error, final, at):
        self.rows[kind, url] = replace(self.rows[kind, url], error=error, error_is_final=final, error_at=at)


class Endpoint:
    """The other side. Set `answer` to an exception to fail; `hold()` makes it hang until `released.set()`."""

    def __init__(self):
        self.answer = "one"
        self.calls = 0
        self.headers = {}
        self.arrived = threading.Event()
        self.released = threading.Event()
        self.released.set()
        self.source = Source(url=URL, fetch=self.fetch)

    def hold(self):
        self.arrived.clear()
        self.released.clear()

    def fetch(self, url):
        self.calls += 1
        self.arrived.set()
        assert self.released.wait(20)
        if isinstance(self.answer, Exception):
            raise self.answer
        kind = {"content-type": "application/json"}
        return Fetched(status=200, headers=kind | self.headers, body=json.dumps(self.answer).encode())


class Background:
    """Real threads, which the test can wait for."""

    def __init__(self):
        self.threads = []

    def __call__(self, work, share):
        self.threads.append(threading.Thread(target=work, daemon=True))
        self.threads[-1].start()
        return True

    def join(self):
        for thread in self.threads:
            thread.join(20)


def parse(document):
    if not isinstance(document, str):
        raise FetchRefused("The document is no text.")
    return document


class World:
    def __init__(self):
        self.clock, self.store, self.endpoint, self.background = Clock(), MemoryStore(), Endpoint(), Background()

    def process(self, *, ask_when_overdue=True, run=None):
        return DocumentCache(
            kind="test",
            parse=parse,
            store=self.store,
            run=run or self.background,
            clock=self.clock,
            ask_when_overdue=ask_when_overdue,
        )

    def get(self, cache):
        value = cache.get(self.endpoint.source).value
        self.background.join()
        return value

    def pass_time(self, seconds):
        self.clock.now += seconds


@pytest.fixture
def world():
    world = World()
    yield world
    world.endpoint.released.set()
    world.background.join()


def test_two_hundred_threads_without_a_document_cause_one_fetch_and_wait_within_bounds(world):
    cache = world.process()
    world.endpoint.hold()
    with ThreadPoolExecutor(200) as threads:
        answers = [threads.submit(cache.get, world.endpoint.source) for _ in range(200)]
        assert world.endpoint.arrived.wait(10)
        world.endpoint.released.set()
        failures = [answer.exception() for answer in answers]
    assert failures.count(None) >= 1
    assert {type(each) for each in failures} <= {type(None), Crowded}
    assert all(each.retry_after >= 1 and not each.final for each in failures if each)
    assert cache.get(world.endpoint.source).value == "one"
    assert world.endpoint.calls == 1


def test_a_whole_fleet_without_a_document_causes_one_fetch(world):
    processes = [world.process() for _ in range(8)]
    world.endpoint.hold()
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(process.get, world.endpoint.source) for process in processes]
        assert world.endpoint.arrived.wait(10)
        world.endpoint.released.set()
        assert [answer.result().value for answer in answers] == ["one"] * 8
    assert world.endpoint.calls == 1


def test_a_fresh_document_asks_nobody_not_even_the_store(world):
    cache = world.process()
    world.get(cache)
    loads = world.store.loads
    world.pass_time(299)
    for _ in range(100):
        world.get(cache)
    assert (world.endpoint.calls, world.store.loads) == (1, loads)


def test_a_stale_document_is_served_while_one_refresh_runs_behind(world):
    cache = world.process()
    world.get(cache)
    world.endpoint.answer = "two"
    world.endpoint.hold()
    world.pass_time(301)
    assert [cache.get(world.endpoint.source).value for _ in range(50)] == ["one"] * 50
    assert world.endpoint.arrived.wait(10)
    world.endpoint.released.set()
    world.background.join()
    assert world.get(cache) == "two"
    assert world.endpoint.calls == 2


def test_after_a_quiet_time_what_was_revoked_is_not_served_any_more(world):
    cache = world.process()
    world.get(cache)
    world.endpoint.answer = "two"
    world.pass_time(5.5 * 60 + 1)
    assert cache.get(world.endpoint.source).value == "two"


def test_discovery_is_served_at_once_also_after_a_quiet_time(world):
    cache = world.process(ask_when_overdue=False)
    world.get(cache)
    world.endpoint.hold()
    world.pass_time(3600)
    assert cache.get(world.endpoint.source).value == "one"


def test_an_outage_fails_nobody_for_a_day_and_costs_one_attempt_per_cooldown(world):
    cache = world.process()
    world.get(cache)
    world.endpoint.answer = FetchFailed("down")
    world.pass_time(301)
    assert world.get(cache) == "one"
    loads = world.store.loads
    for _ in range(10):
        assert world.get(cache) == "one"
    assert (world.endpoint.calls, world.store.loads) == (2, loads)
    world.pass_time(COOLDOWN)
    for _ in range(10):
        assert world.get(cache) == "one"
    assert world.endpoint.calls == 3
    world.pass_time(24 * 3600 - 320)
    assert world.get(cache) == "one"
    world.pass_time(30)
    with pytest.raises(Unavailable):
        world.get(cache)


def test_nobody_waits_for_an_endpoint_that_did_not_answer_the_last_time(world, monkeypatch):
    cache = world.process()
    world.get(cache)
    world.endpoint.answer = FetchFailed("down")
    world.pass_time(301)
    world.get(cache)
    world.endpoint.hold()
    world.pass_time(3600)
    monkeypatch.setattr(slots.Slot, "wait", None)
    assert cache.get(world.endpoint.source).value == "one"


def test_a_restart_during_an_outage_loses_nothing_and_waits_for_nobody(world):
    world.get(world.process())
    world.endpoint.hold()
    world.pass_time(301)
    restarted = world.process()
    assert [restarted.get(world.endpoint.source).value for _ in range(10)] == ["one"] * 10


def test_a_restart_with_a_fresh_document_asks_nobody(world):
    world.get(world.process())
    assert world.get(world.process()) == "one"
    assert world.endpoint.calls == 1


def test_without_any_document_a_failure_cools_down_too(world):
    cache = world.process()
    world.endpoint.answer = FetchFailed("down")
    for _ in range(10):
        with pytest.raises(Unavailable, match="down") as refused:
            world.get(cache)
        assert 1 <= refused.value.retry_after <= COOLDOWN
    for _ in range(3):
        with pytest.raises(Unavailable, match="down"):
            world.get(world.process())
    assert world.endpoint.calls == 1
    world.pass_time(COOLDOWN)
    world.endpoint.answer = "one"
    assert world.get(cache) == "one"


def test_it_is_told_apart_whether_a_failure_can_ever_pass(world):
    world.endpoint.answer = {"not": "text"}
    for process in (world.process(), world.process()):
        with pytest.raises(Unavailable) as refused:
            world.get(process)
        assert refused.value.final


@pytest.mark.parametrize(
    "nonsense", [{"no": "text"}, FetchRefused("The answer is a redirect."), FetchFailed("down")], ids=str
)
def test_nonsense_does_not_replace_a_good_document(world, nonsense):
    cache = world.process()
    world.get(cache)
    world.endpoint.answer = nonsense
    world.pass_time(301)
    for _ in range(3):
        assert world.get(cache) == "one"
    assert world.get(world.process()) == "one"


def test_newer_asks_once_per_cooldown_whatever_is_thrown_at_it(world):
    cache = world.process()
    world.get(cache)
    loaded = cache.get(world.endpoint.source)
    for _ in range(1000):
        assert cache.newer(world.endpoint.source, loaded) is None
    assert world.endpoint.calls == 1
    world.pass_time(COOLDOWN)
    found = cache.newer(world.endpoint.source, loaded)
    for _ in range(1000):
        assert cache.newer(world.endpoint.source, found) is None
    assert world.endpoint.calls == 2


def test_newer_finds_what_another_process_has_fetched_already(world):
    ours, theirs = world.process(), world.process()
    world.get(ours)
    loaded = ours.get(world.endpoint.source)
    world.get(theirs)
    world.endpoint.answer = "two"
    world.pass_time(COOLDOWN)
    assert theirs.newer(world.endpoint.source, theirs.get(world.endpoint.source)).value == "two"
    assert ours.newer(world.endpoint.source, loaded).value == "two"
    assert world.endpoint.calls == 2


def test_a_time_that_the_store_has_rounded_makes_no_newer_document(world):
    cache = world.process()
    world.get(cache)
    loaded = cache.get(world.endpoint.source)
    row = world.store.rows["test", URL]
    world.store.rows["test", URL] = replace(row, fetched_at=row.fetched_at + 0.000001)
    world.endpoint.answer = FetchFailed("down")
    world.pass_time(COOLDOWN)
    assert cache.newer(world.endpoint.source, loaded) is None


def test_only_a_few_wait_for_something_newer_and_nobody_else_is_held_up(world, monkeypatch):
    monkeypatch.setattr(document_cache, "WAIT", 15.0)
    cache = world.process()
    world.get(cache)
    loaded = cache.get(world.endpoint.source)
    world.endpoint.answer = "two"
    world.endpoint.hold()
    world.pass_time(COOLDOWN)
    with ThreadPoolExecutor(50) as threads:
        asking = [threads.submit(cache.newer, world.endpoint.source, loaded) for _ in range(50)]
        assert world.endpoint.arrived.wait(10)
        while sum(one.done() for one in asking) < 50 - slots.MAX_WAITERS:
            pass
        assert cache.get(world.endpoint.source) is loaded
        world.endpoint.released.set()
        found = [one.result() for one in asking]
    assert sum(one is not None for one in found) == slots.MAX_WAITERS
    assert world.endpoint.calls == 2


def test_a_wait_for_something_newer_is_short(world, monkeypatch):
    monkeypatch.setattr(document_cache, "WAIT", 0.01)
    cache = world.process()
    world.get(cache)
    world.endpoint.hold()
    world.pass_time(COOLDOWN)
    assert cache.newer(world.endpoint.source, cache.get(world.endpoint.source)) is None


def test_a_used_up_budget_stops_the_fetch_but_not_the_service(world):
    cache = world.process()
    world.get(cache)
    world.store.budget = 0
    world.pass_time(301)
    assert world.get(cache) == "one"
    assert world.endpoint.calls == 1


def test_a_busy_runner_leaves_the_stale_document_in_service(world):
    busy = []
    cache = world.process(run=lambda work, share: not busy and world.background(work, share))
    assert world.get(cache) == "one"
    busy.append(True)
    world.pass_time(301)
    assert cache.get(world.endpoint.source).value == "one"
    assert cache.newer(world.endpoint.source, cache.get(world.endpoint.source)) is None


def test_a_forced_refresh_takes_the_cooldown(world):
    cache = world.process()
    assert cache.refresh(world.endpoint.source)
    assert not cache.refresh(world.endpoint.source)
    assert not world.process().refresh(world.endpoint.source)
    world.pass_time(COOLDOWN)
    world.endpoint.answer = FetchFailed("down")
    with pytest.raises(Unavailable):
        cache.refresh(world.endpoint.source)
    assert world.get(cache) == "one"
    assert world.endpoint.calls == 2


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("", 300),
        ("max-age=120", 120),
        ("public, max-age=120, must-revalidate", 120),
        ("max-age=0", 60),
        ("max-age=5", 60),
        ("max-age=86400", 300),
        ("max-age=99999999999999999999", 300),
        ("max-age=-1", 300),
        ("no-store", 60),
        ("private, no-cache", 60),
        ("s-maxage=9, max-age=100", 100),
        ("nonsense", 300),
    ],
)
def test_freshness_is_what_the_other_side_says_within_bounds(control, seconds):
    assert fresh_seconds({"cache-control": control}) == seconds


def test_a_document_that_says_so_is_asked_for_again_sooner(world):
    cache = world.process()
    world.endpoint.headers = {"cache-control": "max-age=90"}
    world.get(cache)
    world.pass_time(91)
    world.get(cache)
    assert world.endpoint.calls == 2


def test_who_cannot_pay_takes_nobody_elses_cooldown(world):
    """The store would refuse: it is asked before the cooldown is taken, and gives it back where it loses the race."""
    cache, others = world.process(), replace(world.endpoint.source, group="others")
    for told in (None, Budget(name="own", most=1, own=True)):
        world.store.used_up = lambda budgets, *, now, told=told: told
        world.store.spend = lambda budgets, *, now: Budget(name="own", most=1, own=True)
        with pytest.raises(OverBudget):
            cache.get(replace(world.endpoint.source, group="spent"))
        world.background.join()
        world.pass_time(2)
    del world.store.used_up, world.store.spend
    assert cache.get(others).value == "one"
    assert world.endpoint.calls == 1


def test_a_url_that_failed_three_times_is_asked_by_one_caller_while_the_others_are_told_at_once(world):
    cache = world.process()
    world.endpoint.answer = FetchFailed("down")
    for _ in range(3):
        with pytest.raises(Unavailable, match="down"):
            cache.get(world.endpoint.source)
        world.pass_time(COOLDOWN)
    world.endpoint.hold()
    world.endpoint.answer = "one"
    with ThreadPoolExecutor(1) as threads:
        tries = threads.submit(cache.get, world.endpoint.source)
        assert world.endpoint.arrived.wait(10)
        # They would wait for ever: nothing answers before they were told.
        for _ in range(3):
            with pytest.raises(Unavailable) as told:
                cache.get(world.endpoint.source)
            assert told.value.retry_after >= 1
        world.endpoint.released.set()
        assert tries.result().value == "one"
    assert world.endpoint.calls == 4
    # It closes again with the first success.
    assert world.get(cache) == "one"


def test_two_spellings_of_a_host_are_one(world):
    ours, theirs = (
        budgets.of(url, group="1", known=False) for url in ("https://A.example/x", "https://a.example:443/y")
    )
    assert ours == theirs
    assert budgets.of("https://a.example:8443/", group="1", known=False) != ours


def test_no_budget_but_the_outer_cap_is_shared_with_strangers():
    shared = {
        (known, other): {budget.name for budget in budgets.of("https://a.example/x", group="1", known=known)}
        & {budget.name for budget in budgets.of("https://a.example/x", group=other, known=True)}
        for known in (True, False)
        for other in ("2", None)
    }
    assert shared == {
        (True, "2"): {"known https://a.example"},
        (True, None): set(),
        (False, "2"): set(),
        (False, None): set(),
    }
    assert [budget.own for budget in budgets.of("https://a.example/x", group="1", known=True)] == [True, True, False]
