"""`/readyz`, beside the application's threads: one look at a time, in a thread of its own.

Whoever asks while it looks is told the same; whoever has waited too long is told 503, and so is everybody while the
worker drains.
"""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from config.server.answers import Answer, Application, ask
from config.server.connection import Connection
from config.server.loop import Loop

log = logging.getLogger(__name__)
Tell = Callable[[Connection, Answer], None]


class Readiness:
    """`tell(connection, answer)` is called in the loop."""

    def __init__(self, *, loop: Loop, application: Application, cfg: Any, tell: Tell) -> None:
        self.draining = False
        self._loop = loop
        self._application = application
        self._cfg = cfg
        self._tell = tell
        self._asking: list[Connection] = []
        self._looking = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="readiness")

    def ask(self, connection: Connection) -> None:
        if self.draining:
            self._tell(connection, unready("draining"))
            return
        self._asking.append(connection)
        if not self._looking:
            self._looking = True
            request, client, server = connection.request, connection.address, connection.server
            self._thread.submit(self._look, request, client, server)

    def give_up(self, connection: Connection) -> bool:
        """Tell this one that it took too long. False when it does not wait here."""
        if connection not in self._asking:
            return False
        self._asking.remove(connection)
        self._tell(connection, unready("no answer in time"))
        return True

    def _look(self, request: Any, client: Any, server: Any) -> None:
        answer = unready("failed")
        try:
            answer = ask(self._application, request, client=client, server=server, cfg=self._cfg)
        except Exception:  # whatever it is, this worker is not ready, and the next look is another
            log.exception("readiness: the look itself failed")
        finally:
            self._loop.call(self._seen, answer)

    def _seen(self, answer: Answer) -> None:
        self._looking = False
        asking, self._asking = self._asking, []
        for connection in asking:
            self._tell(connection, answer)


def unready(why: str) -> Answer:
    body = json.dumps({"status": "unavailable", "worker": why}).encode()
    headers = (
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Retry-After", "1"),
    )
    return Answer("503 Service Unavailable", headers, body).with_own_id()
