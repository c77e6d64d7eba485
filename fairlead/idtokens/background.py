"""Running a refresh behind a request, with a bounded number of threads that leave no database connection behind."""

import logging
import os
import threading
from collections.abc import Callable

from django.db import Error, connections

logger = logging.getLogger(__name__)

MAX_THREADS = 32
_slots = threading.BoundedSemaphore(MAX_THREADS)


def start(work: Callable[[], None]) -> bool:
    """Run this in a thread of its own; False if all are busy."""
    slots = _slots
    if not slots.acquire(blocking=False):
        return False
    threading.Thread(target=_run, args=(work, slots), name="refresh", daemon=True).start()
    return True


def inline(work: Callable[[], None]) -> bool:
    """Run this at once in the caller's thread: for tests, and for commands that end before a thread would."""
    work()
    return True


def _run(work: Callable[[], None], slots: threading.BoundedSemaphore) -> None:
    try:
        work()
    except Error as error:
        # The database is away. What is known goes on being served; the next request tries again.
        logger.warning("refresh not recorded: %s", type(error).__name__)
    finally:
        # Connections belong to threads: this one would keep its own open for ever.
        connections.close_all()
        slots.release()


def _start_again() -> None:
    global _slots  # noqa: PLW0603 - the one object of this process
    _slots = threading.BoundedSemaphore(MAX_THREADS)


os.register_at_fork(after_in_child=_start_again)
