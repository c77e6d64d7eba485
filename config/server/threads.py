"""The application's threads, and the whole requests that wait for one. Only `_work` runs in a thread.

A request that found no place there waits in the lane, and is tried again: config/server/lane.py.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gunicorn.http.wsgi import create

from config.server.answers import Answer, Application
from config.server.connection import Connection, Stage
from config.server.lane import NO_PLACE, TRIED_BEFORE, WHOSE, Held, Lane
from config.server.limits import Limits
from config.server.loop import Loop
from config.server.outgoing import Outgoing

log = logging.getLogger(__name__)
Done = Callable[[Connection, Outgoing, bool], None]


class Threads:
    """`done(connection, outgoing, keep)` is called in the loop when an answer is complete, or has failed.

    `fault` makes the answer to a request whose application failed outside its own error handling.
    """

    def __init__(
        self,
        *,
        loop: Loop,
        limits: Limits,
        application: Application,
        cfg: Any,
        done: Done,
        fault: Callable[[], bytes],
    ) -> None:
        self.taken = 0
        """Requests that have a thread or wait for one."""
        self._count = int(cfg.threads)
        self._loop = loop
        self._limits = limits
        self._application = application
        self._cfg = cfg
        self._done = done
        self._fault = fault
        self._lane = Lane(limits)
        self._pool = ThreadPoolExecutor(self._count, thread_name_prefix="request")

    @property
    def waiting(self) -> int:
        return max(0, self.taken - self._count)

    def take(self, connection: Connection, *, close: bool, again: bool = False) -> None:
        self.taken += 1
        connection.job = self._pool.submit(self._work, connection, connection.outgoing, close, again)

    def give_up(self, connection: Connection) -> bool:
        """Take a request back. False when a thread has begun with it: then it ends as it ends."""
        if self._lane.give_up(connection):
            return True
        if connection.job is None or not connection.job.cancel():
            return False
        connection.job = None
        self.taken -= 1
        return True

    def try_again(self, close: bool) -> None:
        """Answer those of the lane whose patience has ended, and try the next. To be called every now and then."""
        for held in self._lane.over(now=time.monotonic()):
            self._answer(held, close)
        # Whoever has just come goes first; where every thread is taken, one at a time keeps the lane moving.
        free = max(1, self._count - self.taken)
        for held in self._lane.next(most=min(self._limits.lane_at_once, free)):
            self.take(held.connection, close=close, again=True)

    def _work(self, connection: Connection, outgoing: Outgoing, close: bool, again: bool) -> None:
        keep, held = False, None
        try:
            keep, held = self._respond(connection, outgoing, close, again)
        except Exception:  # the last line: an answer of the application that is not one must not end the thread
            if not outgoing.deaf:
                log.exception("the application failed outside its own error handling: %s", connection.request.path)
                if not outgoing.begun:
                    outgoing.sendall(self._fault())
        finally:
            outgoing.flush()
            self._loop.call(self._finished, connection, outgoing, keep, held)

    def _respond(
        self, connection: Connection, outgoing: Outgoing, close: bool, again: bool
    ) -> tuple[bool, Held | None]:
        request = connection.request
        response, environ = create(request, outgoing, connection.address, connection.server, self._cfg)
        environ["wsgi.multithread"] = True
        environ[TRIED_BEFORE] = again
        if close:
            response.force_close()
        chunks = self._application(environ, response.start_response)
        try:
            if NO_PLACE in environ and _rewound(request):
                answer = Answer(response.status, tuple(response.headers), b"".join(chunks))
                name, whose = environ[NO_PLACE], environ[WHOSE]
                return False, Held(connection=connection, name=name, whose=whose, answer=answer)
            if isinstance(chunks, environ["wsgi.file_wrapper"]):
                response.write_file(chunks)
            else:
                for chunk in chunks:
                    response.write(chunk)
            response.close()
        finally:
            getattr(chunks, "close", lambda: None)()
        return not response.should_close(), None

    def _finished(self, connection: Connection, outgoing: Outgoing, keep: bool, held: Held | None) -> None:
        self.taken -= 1
        # It may have been closed or answered otherwise meanwhile.
        waits = connection.stage is Stage.WORKING and outgoing is connection.outgoing
        if held is None or not waits:
            self._done(connection, outgoing, keep)
            return
        connection.job = None
        answered = held if connection.ended else self._lane.take(held)
        if answered is not None:
            self._answer(answered, False)

    def _answer(self, held: Held, close: bool) -> None:
        """As the application answered it the last time."""
        connection = held.connection
        keep = held.answer.send(connection.request, connection.outgoing, cfg=self._cfg, close=close)
        self._done(connection, connection.outgoing, keep)


def _rewound(request: Any) -> bool:
    """Whether the application can read the body from its beginning once more."""
    try:
        request.body.seek(0)
    except (OSError, ValueError):
        return False
    return True
