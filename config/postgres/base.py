"""Django's PostgreSQL backend, for a database that hangs: no query and no connection holds a thread for long.

The server's own timeouts end what takes long there; TCP's end what does not arrive. Neither helps where the other side
takes every byte and answers nothing (a stopped process, a proxy before a dead server): so we stop waiting ourselves.
After that, and after a connection that failed, one caller a second tries to connect; the others are told at once.
"""

import threading
import time
from collections.abc import Generator
from typing import Any

import psycopg
from django.db.backends.postgresql import base

_TRY_AGAIN = 1.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
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
        if self._seconds:
            _bound(connection, self._seconds)
        return connection


class _Outage:
    """Of the one database of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._under_way = False

    def ask(self, *, at_most: float) -> None:
        """Raises OperationalError while it is away, but for one caller, who has `at_most` seconds to find out."""
        with self._lock:
            if not self._under_way:
                return
            if time.monotonic() < self._until:
                raise psycopg.OperationalError("The database did not answer a moment ago.")
            self._until = time.monotonic() + at_most + _TRY_AGAIN

    def began(self) -> None:
        with self._lock:
            self._under_way, self._until = True, time.monotonic() + _TRY_AGAIN

    def over(self) -> None:
        with self._lock:
            self._under_way = False


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
