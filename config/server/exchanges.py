"""Requests in, answers out, over all connections of a worker. Everything here runs in the loop and never waits.

A connection reads until a request is whole, gives it to the application's threads (or answers /livez by itself), sends
the answer as fast as its reader takes it, and begins again. What takes too long, or is too much, ends here.
"""

import logging
import math
import socket
import time
from collections.abc import Callable
from typing import Any

from config.server.answers import Answer
from config.server.connection import Connection, Stage
from config.server.connections import Connections
from config.server.head import Refused
from config.server.limits import Limits
from config.server.loop import READ, WRITE, Loop
from config.server.outgoing import Outgoing
from config.server.readiness import Readiness
from config.server.responses import Responses, fault
from config.server.threads import Threads

log = logging.getLogger(__name__)
_IN_A_ROW = 16
_SAFE = frozenset({"GET", "HEAD"})


class Exchanges:
    """`refusal` makes the bytes of an answer that never reached the application."""

    def __init__(
        self, *, loop: Loop, cfg: Any, limits: Limits, application: Any, alive: Answer, refusal: Callable[..., bytes]
    ) -> None:
        self._responses = Responses(
            loop=loop, cfg=cfg, limits=limits, refusal=refusal, close=self.close, event=self._event
        )
        self.connections = Connections(most=cfg.worker_connections)
        self.threads = Threads(
            loop=loop, limits=limits, application=application, cfg=cfg, done=self._done, fault=fault(refusal)
        )
        self.readiness = Readiness(loop=loop, application=application, cfg=cfg, tell=self._responses.tell)
        self.begun = 0  # requests given to the application so far
        self._loop = loop
        self._cfg = cfg
        self._limits = limits
        self._alive = alive

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
        self._responses.shutting_down = True
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
                self._responses.unavailable(connection, "The server is being stopped. Try again.")

    def expire(self) -> None:
        """Look for connections past their time, and for requests to try again. To be called every now and then."""
        self._loop.call(self.threads.try_again, self._responses.closing)
        now = time.monotonic()
        for connection in self.connections:
            if connection.deadline <= now:
                self._safely(self._expire, connection)

    def close(self, connection: Connection) -> None:
        connection.close(self._loop)
        self.connections.remove(connection)

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
                self._responses.refuse(connection, refused.status, "invalid_request", refused.detail)
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
                self._responses.go_on(connection)

    def _serve(self, connection: Connection) -> None:
        request, now = connection.request, time.monotonic()
        self.begun += 1
        if request.path == "/livez" and request.method in _SAFE:
            self._responses.tell(connection, self._alive.with_own_id())
        elif request.path == "/readyz" and request.method in _SAFE:
            connection.enter(Stage.WORKING, now=now, seconds=self._limits.readiness_seconds)
            self.readiness.ask(connection)
        elif self.threads.waiting >= self._limits.queue:
            self._responses.unavailable(connection, "Too many requests wait here. Try again in a moment.")
        else:
            connection.enter(Stage.WORKING, now=now, seconds=self._limits.queue_seconds)
            self.threads.take(connection, close=self._responses.closing)

    def _done(self, connection: Connection, outgoing: Outgoing, keep: bool) -> None:
        """A thread is done with the answer that it wrote there."""
        connection.job = None
        if connection.stage is Stage.CLOSED:
            self.close(connection)
        if outgoing is not connection.outgoing:
            outgoing.discard()  # withdrawn: something else was said instead
        elif connection.stage is Stage.WORKING:
            self._responses.complete(connection, keep)
            self._safely(self._advance, connection)

    def _write(self, connection: Connection) -> None:
        if self._responses.write(connection):
            self._advance(connection)

    def _expire(self, connection: Connection) -> None:
        match connection.stage:
            case Stage.HEAD | Stage.BODY:
                self._responses.refuse(connection, 408, "invalid_request", "The request did not arrive in time.")
            case Stage.WORKING:
                connection.deadline = math.inf
                if not self.readiness.give_up(connection) and self.threads.give_up(connection):
                    self._responses.unavailable(connection, "No thread was free in time. Try again in a moment.")
            case _:
                self.close(connection)

    def _lighten(self) -> None:
        if (heaviest := self.connections.heaviest()) is None:
            return
        if heaviest.stage is Stage.ANSWERING:
            self.close(heaviest)
        else:
            self._responses.unavailable(heaviest, "Too much is being sent here at once. Try again in a moment.")
        self.connections.count(heaviest)
