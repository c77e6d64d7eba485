"""One connection: what it is doing, until when it may, and what it holds."""

import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from enum import StrEnum
from functools import partial
from typing import Any

from config.server.incoming import Incoming
from config.server.limits import Limits
from config.server.loop import Loop
from config.server.outgoing import Outgoing


class Stage(StrEnum):
    IDLE = "idle"
    """Kept open, nothing asked."""
    HEAD = "head"
    """A request has begun."""
    BODY = "body"
    """Its head is whole, its body is not."""
    WORKING = "working"
    """A whole request waits for a thread, or has one."""
    ANSWERING = "answering"
    """The rest of an answer waits for its reader."""
    CLOSING = "closing"
    """All is said. What still arrives is thrown away, so that no reset overtakes the last answer."""
    CLOSED = "closed"


class Connection:
    def __init__(self, sock: socket.socket, address: Any, server: Any, *, cfg: Any, limits: Limits) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.address = address
        self.server = server
        self.incoming = Incoming(cfg=cfg, address=address, limits=limits)
        self.outgoing = Outgoing(sock)
        self.stage = Stage.IDLE
        self.since = 0.0
        """When the stage began, by the monotonic clock."""
        self.deadline = 0.0
        self.request: Any = None
        """The request that is being worked at."""
        self.job: Future[None] | None = None
        self.keep = True
        """Whether another request may follow."""
        self.ended = False
        """Whether the other side sends no more."""
        self.counted = 0
        """Bytes that are counted for it in the sum over all connections."""
        self._events = 0

    @property
    def held(self) -> int:
        body = self.request.body_size if self.request is not None else 0
        return int(self.incoming.held + body + self.outgoing.held)

    def enter(self, stage: Stage, *, now: float, seconds: float) -> None:
        self.stage, self.since, self.deadline = stage, now, now + seconds

    def receive(self) -> bytes | None:
        """What arrived; b"" when the other side has ended or is gone, None when there is nothing yet."""
        try:
            return self.sock.recv(65536)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def watch(self, loop: Loop, events: int, callback: Callable[["Connection", int], None]) -> None:
        """Have `callback(self, events)` called."""
        if events != self._events:
            loop.watch(self.sock, events, partial(callback, self))
            self._events = events

    def unwatch(self, loop: Loop) -> None:
        loop.unwatch(self.sock)
        self._events = 0

    def close(self, loop: Loop) -> None:
        """At once; where a thread still works at an answer, again when it is done.

        Until then the socket stays open: its number must not be another connection's while a thread may write to it.
        """
        self.stage = Stage.CLOSED
        self.unwatch(loop)
        if self.job is None:
            self.sock.close()
            self.outgoing.discard()
            return
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
