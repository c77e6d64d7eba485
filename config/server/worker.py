"""gunicorn's worker for this site: `worker_class` in gunicorn.conf.py.

Threads belong to the application alone. One loop reads requests until they are whole, head and body, and keeps what a
slow reader has not taken yet; so a connection that drips, stalls or stays silent costs a socket and never a thread.
`/livez` is answered by the loop itself, also while every thread hangs; `/readyz` has a thread of its own.

It stands on gunicorn's documented base class, and on its parser and response class, whose names
tests/config/test_server_internals.py guards. TLS, HTTP/2 and the proxy protocol are the proxy's work.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from gunicorn.workers.base import Worker

from config.server import reload_mark
from config.server.answers import ask_ourselves
from config.server.exchanges import Exchanges
from config.server.limits import Limits
from config.server.loop import READ, Loop

_LOOK_AROUND = 0.25  # seconds
_ACCEPT_IN_A_ROW = 16


class BufferingWorker(Worker):
    drain_seconds = 0.0
    """How long after SIGTERM /readyz says 503 while everything is still served. Set by gunicorn.conf.py."""

    observe: Callable[[], None] = staticmethod(lambda: None)
    """Told several times a second that it may look how full this process is. Set by gunicorn.conf.py."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)  # type: ignore[no-untyped-call]  # gunicorn is untyped
        self._looked = 0.0
        self._asked_to_stop: float | None = None

    def init_process(self) -> None:
        _raise_open_files(self.cfg.worker_connections)
        self.loop = Loop()
        super().init_process()  # type: ignore[no-untyped-call]  # gunicorn is untyped

    def load_wsgi(self) -> None:
        super().load_wsgi()  # type: ignore[no-untyped-call]  # gunicorn is untyped
        # After the fork: what the master has imported stays as old as the master.
        from config.server.refusals import refusal

        alive = ask_ourselves(self.wsgi, "/livez", cfg=self.cfg)
        if not alive.status.startswith("200"):
            raise RuntimeError(f"The application does not answer /livez: {alive.status}")
        self.exchanges = Exchanges(
            loop=self.loop, cfg=self.cfg, limits=Limits(), application=self.wsgi, alive=alive, refusal=refusal
        )

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM. May come twice; the first one counts."""
        self.loop.call(self._stop)

    def run(self) -> None:
        for listener in self.sockets:
            listener.setblocking(False)
            self.loop.watch(listener, READ, partial(self._accept, listener))
        while self.alive:
            self._turn()
        for listener in self.sockets:
            # Whoever has connected is served; only then nobody can connect any more.
            while self._accept(listener, READ):
                continue
            self.loop.unwatch(listener)
            listener.close()
        self._end()

    def _turn(self) -> None:
        self.loop.tick(_LOOK_AROUND)
        now = time.monotonic()
        if now - self._looked < _LOOK_AROUND:
            return
        self._looked = now
        self.notify()  # type: ignore[no-untyped-call]  # gunicorn is untyped
        self.exchanges.expire()
        self.observe()
        if self.alive and self.ppid != os.getppid():
            self.log.error("the master is gone: this worker ends")
            self.alive = False
        if self.exchanges.begun >= self.max_requests:
            self.alive = False
        if self._asked_to_stop is not None and now >= self._asked_to_stop + self._drain():
            self.alive = False

    def _accept(self, listener: Any, events: int) -> bool:
        for _ in range(_ACCEPT_IN_A_ROW):
            try:
                sock, address = listener.accept()
            except (BlockingIOError, InterruptedError):
                return False
            except OSError as error:
                self.log.warning("a connection could not be accepted: %s", error.strerror)
                return False
            self.exchanges.begin(sock, address, listener.getsockname())
        return True

    def _stop(self) -> None:
        if self._asked_to_stop is None:
            self._asked_to_stop = time.monotonic()
            # Whoever is replaced by a newer worker of the same server goes quietly: that one is ready.
            self.exchanges.readiness.draining = not reload_mark.replaced(self.age)

    def _drain(self) -> float:
        return self.drain_seconds if self.exchanges.readiness.draining else 0.0

    def _end(self) -> None:
        """Answer what is asked, then leave; what hangs is left behind when gunicorn's patience ends."""
        began = time.monotonic() if self._asked_to_stop is None else self._asked_to_stop
        ends = began + self.cfg.graceful_timeout - 1
        self.exchanges.end()
        while self.exchanges.connections and time.monotonic() < ends:
            self._turn()
        self.exchanges.give_up()
        for _ in range(2):
            self._turn()
        if self.exchanges.threads.taken:
            self.log.error("%s requests did not end in time: they are left behind", self.exchanges.threads.taken)
            sys.stderr.flush()
            # A thread that hangs would keep the process from leaving.
            os._exit(0)


def _raise_open_files(connections: int) -> None:
    """One file for each connection, and some for the application's own."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections * 2 + 256
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
