"""The application's threads, and the whole requests that wait for one. Only `_work` runs in a thread."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gunicorn.http.wsgi import create

from config.server.answers import Application
from config.server.connection import Connection
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
        count: int,
        loop: Loop,
        application: Application,
        cfg: Any,
        done: Done,
        fault: Callable[[], bytes],
    ) -> None:
        self.taken = 0
        """Requests that have a thread or wait for one."""
        self._count = count
        self._loop = loop
        self._application = application
        self._cfg = cfg
        self._done = done
        self._fault = fault
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="request")

    @property
    def waiting(self) -> int:
        return max(0, self.taken - self._count)

    def take(self, connection: Connection, *, close: bool) -> None:
        self.taken += 1
        connection.job = self._pool.submit(self._work, connection, connection.outgoing, close)

    def give_up(self, connection: Connection) -> bool:
        """Take a request back. False when a thread has begun with it: then it ends as it ends."""
        if connection.job is None or not connection.job.cancel():
            return False
        connection.job = None
        self.taken -= 1
        return True

    def _work(self, connection: Connection, outgoing: Outgoing, close: bool) -> None:
        keep = False
        try:
            keep = self._respond(connection, outgoing, close)
        except Exception:  # the last line: an answer of the application that is not one must not end the thread
            if not outgoing.deaf:
                log.exception("the application failed outside its own error handling: %s", connection.request.path)
                if not outgoing.begun:
                    outgoing.sendall(self._fault())
        finally:
            outgoing.flush()
            self._loop.call(self._finished, connection, outgoing, keep)

    def _respond(self, connection: Connection, outgoing: Outgoing, close: bool) -> bool:
        request = connection.request
        response, environ = create(request, outgoing, connection.address, connection.server, self._cfg)
        environ["wsgi.multithread"] = True
        if close:
            response.force_close()
        chunks = self._application(environ, response.start_response)
        try:
            if isinstance(chunks, environ["wsgi.file_wrapper"]):
                response.write_file(chunks)
            else:
                for chunk in chunks:
                    response.write(chunk)
            response.close()
        finally:
            getattr(chunks, "close", lambda: None)()
        return not response.should_close()

    def _finished(self, connection: Connection, outgoing: Outgoing, keep: bool) -> None:
        self.taken -= 1
        self._done(connection, outgoing, keep)
