"""Requests in, answers out, over all connections of a worker. Everything here runs in the loop and never waits.

A connection reads until a request is whole, gives it to the application's threads (or answers /livez by itself), sends
the answer as fast as its reader takes it, and begins again. What takes too long, or is too much, ends here.
"""

import logging
import math
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from config.server.answers import Answer
from config.server.connection import Connection, Stage
from config.server.connections import Connections
from config.server.incoming import Refused
from config.server.limits import Limits
from config.server.loop import READ, WRITE, Loop
from config.server.outgoing import Outgoing
from config.server.readiness import Readiness
from config.server.threads import Threads

log = logging.getLogger(__name__)
_IN_A_ROW = 16
_SAFE = frozenset({"GET", "HEAD"})


class Exchanges:
    """`refusal` makes the bytes of an answer that never reached the application."""

    def __init__(
        self, *, loop: Loop, cfg: Any, limits: Limits, application: Any, alive: Answer, refusal: Callable[..., bytes]
    ) -> None:
        self.connections = Connections(most=cfg.worker_connections)
        self.threads = Threads(
            count=cfg.threads, loop=loop, application=application, cfg=cfg, done=self._done, fault=_fault(refusal)
        )
        self.readiness = Readiness(loop=loop, application=application, cfg=cfg, tell=self._tell)
        self.begun = 0
        """Requests given to the application so far."""
        self.ending = False
        """Whether this worker ends: every answer closes its connection."""
        self._loop = loop
        self._cfg = cfg
        self._limits = limits
        self._alive = alive
        self._refusal = refusal

    def begin(self, sock: socket.socket, address: Any, server: Any) -> None:
        """A new connection. Where there are as many as there may be, the one that is missed least makes room."""
        if len(self.connections) >= self.connections.most and (other := self.connections.dispensable()):
            self.close(other)
        connection = Connection(sock, address, server, cfg=self._cfg, limits=self._limits)
        self.connections.add(connection)
        connection.enter(Stage.IDLE, now=time.monotonic(), seconds=self._limits.head_seconds)
        connection.watch(self._loop, READ, self._event)
        self._event(connection, READ)

    def end(self) -> None:
        """No further request is expected: kept connections go soon."""
        self.ending = True
        soon = time.monotonic() + self._limits.leaving_seconds
        for connection in self.connections:
            if connection.stage is Stage.IDLE:
                connection.deadline = min(connection.deadline, soon)

    def give_up(self) -> None:
        """Time is over: whoever has no answer yet is told so, also where a thread still works at one."""
        for connection in self.connections:
            if connection.stage is not Stage.WORKING or self.readiness.give_up(connection):
                continue
            if self.threads.give_up(connection) or connection.outgoing.withdraw():
                self._unavailable(connection, "The server is being stopped. Try again.")

    def expire(self) -> None:
        """Look for connections that are past their time. To be called every now and then."""
        now = time.monotonic()
        for connection in self.connections:
            if connection.deadline <= now:
                self._safely(self._expire, connection)

    def close(self, connection: Connection) -> None:
        connection.close(self._loop)
        self.connections.remove(connection)

    @property
    def _closing(self) -> bool:
        return self.ending or not self._cfg.keepalive

    def _event(self, connection: Connection, events: int) -> None:
        if events & READ and connection.stage is not Stage.CLOSED:
            self._safely(self._read, connection)
        if events & WRITE and connection.stage is Stage.ANSWERING:
            self._safely(self._write, connection)

    def _safely(self, step: Callable[[Connection], None], connection: Connection) -> None:
        try:
            step(connection)
        except Exception:  # a fault in one exchange must not end all others: it is told, and its connection closed
            log.exception("a connection failed in the server itself")
            self.close(connection)
        if connection.stage is not Stage.CLOSED:
            self.connections.count(connection)
            if self.connections.held > self._limits.held:
                self._lighten()

    def _read(self, connection: Connection) -> None:
        data = connection.receive()
        if data is None:
            return
        if not data:
            self._other_side_ended(connection)
        elif connection.stage is not Stage.CLOSING:
            connection.incoming.buffer += data
            if connection.stage is Stage.WORKING:
                # The next request is already on its way. It waits, and no more of it than a head is kept.
                if len(connection.incoming.buffer) > self._limits.head:
                    connection.unwatch(self._loop)
            else:
                self._advance(connection)

    def _other_side_ended(self, connection: Connection) -> None:
        connection.ended = True
        if connection.stage is not Stage.WORKING or self.threads.give_up(connection):
            self.close(connection)
        else:
            connection.unwatch(self._loop)

    def _advance(self, connection: Connection) -> None:
        for _ in range(_IN_A_ROW):
            if connection.stage not in {Stage.IDLE, Stage.HEAD, Stage.BODY}:
                return
            try:
                request = connection.incoming.next()
            except Refused as refused:
                self._refuse(connection, refused.status, "invalid_request", refused.detail)
                return
            if request is None:
                self._wait_for_more(connection)
                return
            connection.request = request
            self._serve(connection)
        # Others first: nobody sends so many requests at once and waits for none.
        self._loop.call(self._safely, self._advance, connection)

    def _wait_for_more(self, connection: Connection) -> None:
        incoming, now = connection.incoming, time.monotonic()
        if connection.stage is Stage.IDLE and incoming.begun:
            connection.enter(Stage.HEAD, now=now, seconds=self._limits.head_seconds)
        if connection.stage is Stage.HEAD and incoming.head is not None:
            connection.enter(Stage.BODY, now=now, seconds=self._limits.seconds_for(incoming.expected))
            if incoming.continue_expected():
                with suppress(OSError):
                    connection.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _serve(self, connection: Connection) -> None:
        request, now = connection.request, time.monotonic()
        self.begun += 1
        if request.path == "/livez" and request.method in _SAFE:
            self._tell(connection, self._alive.with_own_id())
        elif request.path == "/readyz" and request.method in _SAFE:
            connection.enter(Stage.WORKING, now=now, seconds=self._limits.readiness_seconds)
            self.readiness.ask(connection)
        elif self.threads.waiting >= self._limits.queue:
            self._unavailable(connection, "Too many requests wait here. Try again in a moment.")
        else:
            connection.enter(Stage.WORKING, now=now, seconds=self._limits.queue_seconds)
            self.threads.take(connection, close=self._closing)

    def _tell(self, connection: Connection, answer: Answer) -> None:
        keep = answer.send(connection.request, connection.outgoing, cfg=self._cfg, close=self._closing)
        self._complete(connection, keep)

    def _done(self, connection: Connection, outgoing: Outgoing, keep: bool) -> None:
        """A thread is done with the answer that it wrote there."""
        connection.job = None
        if connection.stage is Stage.CLOSED:
            self.close(connection)
        if outgoing is not connection.outgoing:
            # It was withdrawn, and something else was said instead.
            outgoing.discard()
        elif connection.stage is Stage.WORKING:
            self._complete(connection, keep)
            self._safely(self._advance, connection)

    def _complete(self, connection: Connection, keep: bool) -> None:
        """The answer is written; perhaps not all of it is sent."""
        connection.request = None
        connection.keep = keep
        if connection.outgoing.broken:
            self.close(connection)
        elif connection.outgoing.empty:
            self._answered(connection)
        else:
            connection.enter(Stage.ANSWERING, now=time.monotonic(), seconds=self._limits.stalled_seconds)
            connection.watch(self._loop, WRITE, self._event)

    def _write(self, connection: Connection) -> None:
        connection.outgoing.flush()
        connection.deadline = time.monotonic() + self._limits.stalled_seconds
        if connection.outgoing.broken:
            self.close(connection)
        elif connection.outgoing.empty:
            self._answered(connection)
            self._advance(connection)

    def _answered(self, connection: Connection) -> None:
        if not connection.keep or connection.ended:
            self._say_goodbye(connection)
            return
        connection.outgoing.begin_again()
        seconds = self._limits.leaving_seconds if self.ending else self._cfg.keepalive
        connection.enter(Stage.IDLE, now=time.monotonic(), seconds=seconds)
        connection.watch(self._loop, READ, self._event)

    def _say_goodbye(self, connection: Connection) -> None:
        connection.incoming.drop()
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            connection.ended = True
        if connection.ended:
            self.close(connection)
        else:
            connection.enter(Stage.CLOSING, now=time.monotonic(), seconds=self._limits.linger_seconds)
            connection.watch(self._loop, READ, self._event)

    def _refuse(
        self, connection: Connection, status: int, code: str, detail: str, *, retry_after: int | None = None
    ) -> None:
        """Answer instead of the application, and close."""
        log.info("refused by the server", extra={"status": status, "code": code, "cause": detail})
        head = connection.request is not None and connection.request.method == "HEAD"
        connection.outgoing = Outgoing(connection.sock)
        connection.outgoing.sendall(self._refusal(status, code, detail, retry_after=retry_after, head=head))
        connection.outgoing.flush()
        self._complete(connection, keep=False)

    def _unavailable(self, connection: Connection, detail: str) -> None:
        self._refuse(connection, 503, "unavailable", detail, retry_after=1)

    def _expire(self, connection: Connection) -> None:
        match connection.stage:
            case Stage.HEAD | Stage.BODY:
                self._refuse(connection, 408, "invalid_request", "The request did not arrive in time.")
            case Stage.WORKING:
                connection.deadline = math.inf
                if not self.readiness.give_up(connection) and self.threads.give_up(connection):
                    self._unavailable(connection, "No thread was free in time. Try again in a moment.")
            case _:
                self.close(connection)

    def _lighten(self) -> None:
        heaviest = self.connections.heaviest()
        if heaviest is None:
            return
        if heaviest.stage is Stage.ANSWERING:
            self.close(heaviest)
        else:
            self._unavailable(heaviest, "Too much is being sent here at once. Try again in a moment.")
        self.connections.count(heaviest)


def _fault(refusal: Callable[..., bytes]) -> Callable[[], bytes]:
    return partial(refusal, 500, "internal_error", "The fault was logged. Try again; if it stays, tell the operator.")
