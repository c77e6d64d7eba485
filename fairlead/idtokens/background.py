"""Running a refresh behind a request, with a bounded number of threads that leave no database connection behind."""

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable

from django.db import Error, connections

from fairlead.idtokens import waiting

logger = logging.getLogger(__name__)

MAX_THREADS = 32
_SHARE = 8  # of one organization


class _Running:
    """How many run, in all and per organization."""

    def __init__(self) -> None:
        self._counts: Counter[str | None] = Counter()
        self._lock = threading.Lock()

    def enter(self, share: str | None) -> bool:
        with self._lock:
            if self._counts.total() >= MAX_THREADS or (share is not None and self._counts[share] >= _SHARE):
                return False
            self._counts[share] += 1
            return True

    def leave(self, share: str | None) -> None:
        with self._lock:
            self._counts -= Counter([share])  # drops those for whom none runs


_running = _Running()


def start(work: Callable[[], None], share: str | None) -> bool:
    """Run this in a thread of its own; False if all are busy, or as many as one organization may have."""
    running = _running
    if not running.enter(share):
        return False
    threading.Thread(target=_run, args=(work, share, running), name="refresh", daemon=True).start()
    return True


def inline(work: Callable[[], None], share: str | None) -> bool:
    """Run this at once in the caller's thread: for tests, and for commands that end before a thread would."""
    work()
    return True


def _run(work: Callable[[], None], share: str | None, running: _Running) -> None:
    try:
        with waiting.outside.behind():
            work()
    except Error as error:
        # The database is away. What is known goes on being served; the next request tries again.
        logger.warning("refresh not recorded: %s", type(error).__name__)
    finally:
        # Connections belong to threads: this one would keep its own open for ever.
        connections.close_all()
        running.leave(share)


def _start_again() -> None:
    global _running  # noqa: PLW0603 - the one object of this process
    _running = _Running()


os.register_at_fork(after_in_child=_start_again)
