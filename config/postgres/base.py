"""Django's PostgreSQL backend, for a database that hangs: no query and no connection holds a thread for long.

The server's own timeouts end what takes long there; TCP's end what does not arrive. Neither helps where the other side
takes every byte and answers nothing (a stopped process, a proxy before a dead server): so we stop waiting ourselves.
After that, and after a connection that failed, one caller a second tries to connect. The others are told at once, but
for those who come while it tries: most likely it is about to get through.

Whether a kept connection still works is asked only after some idleness, or when one of this process has failed since it
was last used: the question is a round trip of its own in every request.
"""

import threading
import time
from collections.abc import Generator
from typing import Any

import psycopg
from django.db.backends.postgresql import base

_TRY_AGAIN = 1.0  # seconds
_IDLE = 5.0  # seconds
_LOOK = 0.5  # seconds from its beginning that others wait for what a try brings; connecting takes a tenth of it


class DatabaseWrapper(base.DatabaseWrapper):
    _worked_at = float("-inf")

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        self._seconds = float(params.pop("answer_within", 0))
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        _outage.ask(at_most=float(conn_params.get("connect_timeout", 0)))
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.Error:
            _outage.began()
            raise
        _outage.over()
        self._worked_at = time.monotonic()
        if self._seconds:
            _bound(connection, self._seconds)
        return connection

    def close_if_health_check_failed(self) -> None:
        if self._worked_at > max(time.monotonic() - _IDLE, _outage.failed_at):
            self.health_check_done = True
            return
        super().close_if_health_check_failed()

    def close_if_unusable_or_obsolete(self) -> None:
        """At the begin and the end of a request."""
        was_used, was_open = self.health_check_done, self.connection is not None
        failed = self.errors_occurred
        super().close_if_unusable_or_obsolete()
        if self.connection is None:
            if was_open and failed:
                _outage.failed()
        elif was_used:
            self._worked_at = time.monotonic()


class _Outage:
    """Of the one database of this process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._until = 0.0
        self._under_way = False
        self._tried_at = 0.0
        self.failed_at = float("-inf")
        self._trying = False

    def ask(self, *, at_most: float) -> None:
        """Raises OperationalError while it is away, but for one caller, who has `at_most` seconds to find out."""
        with self._changed:
            if not self._is_away():
                return
            if time.monotonic() < self._until:
                within = self._tried_at + _LOOK - time.monotonic()
                self._changed.wait_for(lambda: not self._trying, timeout=within)
                if self._is_away():
                    raise psycopg.OperationalError("The database did not answer a moment ago.")
                return
            self._tried_at, self._trying = time.monotonic(), True
            self._until = self._tried_at + at_most + _TRY_AGAIN

    def failed(self) -> None:
        """A connection broke; whether all are, nobody knows."""
        self.failed_at = time.monotonic()

    def began(self) -> None:
        self.failed()
        with self._changed:
            self._under_way, self._until = True, time.monotonic() + _TRY_AGAIN
            self._tried()

    def over(self) -> None:
        with self._changed:
            self._under_way = False
            self._tried()

    def _is_away(self) -> bool:
        return self._under_way

    def _tried(self) -> None:
        self._trying = False
        self._changed.notify_all()


_outage = _Outage()


def _bound(connection: Any, seconds: float) -> None:
    """Let every wait for an answer end. What was asked may have been done: nothing is known of this connection."""
    wait = connection.wait

    def wait_at_most(gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        return wait(_until(gen, seconds, connection), *args, **kwargs)

    connection.wait = wait_at_most


def _until(gen: Generator[Any, Any, Any], seconds: float, connection: Any) -> Generator[Any, Any, Any]:
    """The same steps; psycopg takes one every tenth of a second too while nothing arrives."""
    ends = time.monotonic() + seconds
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > ends:
                connection.pgconn.finish()
                _outage.began()
                raise psycopg.OperationalError("The database did not answer in time.")
            wanted = gen.send(ready)
    except StopIteration as done:
        return done.value
