"""A database that is away, as seen by callers who come at once: one tries, the others need not."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db.backends.postgresql import base as djangos

from config.postgres import base

PARAMS: dict[str, Any] = {"connect_timeout": 3}


class Database:
    def __init__(self) -> None:
        self.away, self.tries = True, 0
        self.tried, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()

    def connect(self, *_: object) -> object:
        self.tries += 1
        self.tried.set()
        self.may_go_on.wait(10)
        if self.away:
            raise psycopg.OperationalError
        return object()


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(base, "_outage", base._Outage())
    found = Database()
    monkeypatch.setattr(djangos.DatabaseWrapper, "get_new_connection", found.connect)
    return found


@pytest.fixture
def connect(database: Database) -> Callable[[], Any]:
    wrapper = base.DatabaseWrapper({"NAME": "nowhere", "OPTIONS": {}})
    wrapper._seconds = 0
    return lambda: wrapper.get_new_connection(dict(PARAMS))


def test_others_are_told_at_once_after_one_has_failed(database: Database, connect: Callable[[], Any]) -> None:
    for _ in range(3):
        with pytest.raises(psycopg.OperationalError):
            connect()
    assert database.tries == 1


def test_who_comes_while_one_gets_through_is_served_too(
    database: Database, connect: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(psycopg.OperationalError):
        connect()
    monkeypatch.setattr(base._outage, "_until", 0.0)
    monkeypatch.setattr(base, "_LOOK", 10.0)
    database.away = False
    database.tried.clear()
    database.may_go_on.clear()
    told: list[Any] = []
    threads = [threading.Thread(target=lambda: told.append(connect())) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert database.tried.wait(5)
    assert told == []
    assert database.tries == 2
    database.may_go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(told) == 4


def test_nobody_waits_long_for_one_that_hangs(
    database: Database, connect: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(psycopg.OperationalError):
        connect()
    monkeypatch.setattr(base._outage, "_until", 0.0)
    monkeypatch.setattr(base, "_LOOK", 0.01)
    database.tried.clear()
    database.may_go_on.clear()
    failed: list[BaseException] = []

    def try_it() -> None:
        try:
            connect()
        except psycopg.OperationalError as error:
            failed.append(error)

    one = threading.Thread(target=try_it)
    one.start()
    assert database.tried.wait(5)
    with pytest.raises(psycopg.OperationalError):
        connect()
    assert (failed, database.tries) == ([], 2)
    database.may_go_on.set()
    one.join(10)
    assert len(failed) == 1


@pytest.fixture
def kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A connection that was used in a request before this one. `asked` counts how often it was asked whether it works."""
    wrapper: Any = base.DatabaseWrapper({"NAME": "nowhere", "OPTIONS": {}, "AUTOCOMMIT": True})
    database.away = False
    wrapper._seconds = 0
    wrapper.connection = wrapper.get_new_connection(dict(PARAMS))
    wrapper.close_at, wrapper.health_check_enabled = None, True
    wrapper.get_autocommit = lambda: True
    wrapper.asked, wrapper.works = 0, True

    def is_usable() -> bool:
        wrapper.asked += 1
        return bool(wrapper.works)

    wrapper.is_usable = is_usable
    wrapper._close = lambda: None
    request(wrapper)
    return wrapper


def request(wrapper: Any, *, fails: bool = False) -> None:
    wrapper.close_if_unusable_or_obsolete()
    wrapper.close_if_health_check_failed()
    wrapper.errors_occurred = fails
    wrapper.close_if_unusable_or_obsolete()


def test_a_connection_that_was_just_used_is_not_asked_whether_it_works(kept: Any) -> None:
    for _ in range(3):
        request(kept)
    assert kept.asked == 0


def test_after_idleness_it_is_asked_once(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_IDLE", 0.0)
    request(kept)
    assert kept.asked == 1
    monkeypatch.setattr(base, "_IDLE", 60.0)
    request(kept)
    assert kept.asked == 1


def test_a_request_without_a_query_makes_it_no_younger(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    used = kept._worked_at
    kept.close_if_unusable_or_obsolete()
    kept.close_if_unusable_or_obsolete()
    assert kept._worked_at == used


def test_when_one_has_failed_every_other_is_asked(kept: Any) -> None:
    base._outage.failed()
    kept.works = False
    request(kept)
    assert (kept.asked, kept.connection) == (1, None)


def test_one_that_breaks_in_a_request_tells_the_others(kept: Any) -> None:
    before = base._outage.failed_at
    kept.works = False
    request(kept, fails=True)
    assert kept.connection is None
    assert base._outage.failed_at > before
