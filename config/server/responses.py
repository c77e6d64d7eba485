"""Answers on their way out of a worker: sent as fast as their reader takes them, then the next request or the end."""

import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from config.server.answers import Answer
from config.server.connection import Connection, Stage
from config.server.limits import Limits
from config.server.loop import READ, WRITE, Loop
from config.server.outgoing import Outgoing

log = logging.getLogger(__name__)


class Responses:
    """`refusal` makes the bytes of an answer that never reached the application, `event` is told what a socket does."""

    def __init__(
        self,
        *,
        loop: Loop,
        cfg: Any,
        limits: Limits,
        refusal: Callable[..., bytes],
        close: Callable[[Connection], None],
        event: Callable[[Connection, int], None],
    ) -> None:
        self.shutting_down = False
        """Whether this worker ends: every answer closes its connection."""
        self._loop = loop
        self._cfg = cfg
        self._limits = limits
        self._refusal = refusal
        self._close = close
        self._event = event

    @property
    def closing(self) -> bool:
        return self.shutting_down or not self._cfg.keepalive

    def tell(self, connection: Connection, answer: Answer) -> None:
        """Answer without the application."""
        keep = answer.send(connection.request, connection.outgoing, cfg=self._cfg, close=self.closing)
        self.complete(connection, keep)

    def go_on(self, connection: Connection) -> None:
        """Say that the body may be sent (RFC 9110 10.1.1)."""
        with suppress(OSError):
            connection.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def complete(self, connection: Connection, keep: bool) -> None:
        """The answer is written; perhaps not all of it is sent."""
        connection.request = None
        connection.keep = keep
        if connection.outgoing.broken:
            self._close(connection)
        elif connection.outgoing.empty:
            self._answered(connection)
        else:
            connection.enter(Stage.ANSWERING, now=time.monotonic(), seconds=self._limits.stalled_seconds)
            connection.watch(self._loop, WRITE, self._event)

    def write(self, connection: Connection) -> bool:
        """Send what the reader takes now. Whether that was the rest, so that the next request may begin."""
        connection.outgoing.flush()
        connection.deadline = time.monotonic() + self._limits.stalled_seconds
        if connection.outgoing.broken:
            self._close(connection)
            return False
        if not connection.outgoing.empty:
            return False
        self._answered(connection)
        return True

    def refuse(
        self, connection: Connection, status: int, code: str, detail: str, *, retry_after: int | None = None
    ) -> None:
        """Answer instead of the application, and close."""
        log.info("refused by the server", extra={"status": status, "code": code, "cause": detail})
        head = connection.request is not None and connection.request.method == "HEAD"
        connection.outgoing = Outgoing(connection.sock)
        connection.outgoing.sendall(self._refusal(status, code, detail, retry_after=retry_after, head=head))
        connection.outgoing.flush()
        self.complete(connection, keep=False)

    def unavailable(self, connection: Connection, detail: str) -> None:
        self.refuse(connection, 503, "unavailable", detail, retry_after=1)

    def _answered(self, connection: Connection) -> None:
        if not connection.keep or connection.ended:
            self._say_goodbye(connection)
            return
        connection.outgoing.begin_again()
        seconds = self._limits.leaving_seconds if self.shutting_down else self._cfg.keepalive
        connection.enter(Stage.IDLE, now=time.monotonic(), seconds=seconds)
        connection.watch(self._loop, READ, self._event)

    def _say_goodbye(self, connection: Connection) -> None:
        connection.incoming.drop()
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            connection.ended = True
        if connection.ended:
            self._close(connection)
        else:
            connection.enter(Stage.CLOSING, now=time.monotonic(), seconds=self._limits.linger_seconds)
            connection.watch(self._loop, READ, self._event)


def fault(refusal: Callable[..., bytes]) -> Callable[[], bytes]:
    """Makes the answer to a request that broke the application."""
    return partial(refusal, 500, "internal_error", "The fault was logged. Try again; if it stays, tell the operator.")
