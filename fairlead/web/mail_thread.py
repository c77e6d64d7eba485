"""The thread of a server process that sends what waits in the outbox: one, woken by each mail, and twice a minute.

Twice a minute for what failed, and for what another process left behind. Beside the request, because a mail server's
time would tell who has an account here, and because nobody shall wait for it.
"""

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from django.db import Error, connections

log = logging.getLogger(__name__)
SECONDS_BETWEEN_ROUNDS = 30.0


class _Rounds:
    """A thread that does `work` whenever it is called, and twice a minute."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self.called = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait for the round that is under way, one round for what came meanwhile, and end."""
        self._stopped = True
        self.called.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            last = self._stopped
            self.called.clear()
            self._round()
            if last:
                return
            self.called.wait(SECONDS_BETWEEN_ROUNDS)

    def _round(self) -> None:
        """A fault ends this round, never the thread: nobody waits for it, so nobody would see that it is gone."""
        try:
            self._work()
        except Error as fault:
            log.error("the outbox cannot be read; the next round tries again", extra={"cause": type(fault).__name__})
        except Exception:
            log.exception("mail failed")
        finally:
            connections.close_all()


_rounds: _Rounds | None = None
_starting = threading.Lock()


def wake(work: Callable[[], Any]) -> None:
    """Have `work` done soon, and from now on twice a minute, in this process' one thread for it."""
    global _rounds  # noqa: PLW0603 - one per process
    with _starting:
        if _rounds is None:
            _rounds = _Rounds(work)
        else:
            _rounds.called.set()


def stop() -> None:
    """After what waits was tried once more."""
    global _rounds  # noqa: PLW0603 - the next mail starts a new one
    with _starting:
        if _rounds is not None:
            _rounds.stop()
        _rounds = None


def _after_fork() -> None:
    global _rounds, _starting
    _rounds, _starting = None, threading.Lock()


os.register_at_fork(after_in_child=_after_fork)
