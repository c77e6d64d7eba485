"""Work that takes much memory or a whole core, in a few threads of its own. No Django here.

Threads, not a semaphore around the request's: the C library keeps freed memory per thread, so a process whose every
thread has done it once holds as much as if all did so at once.
"""

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from fairlead.places import Places

Result = TypeVar("Result")


class OwnThreads:
    """`threads` work at once. `places` callers are let in, `waiting` more wait for that, `seconds` at most.

    No database in there: a query would open a connection that nobody closes.
    """

    def __init__(self, name: str, threads: int, *, places: int, waiting: int, seconds: float) -> None:
        self._name, self._threads = name, threads
        self._bounds = {"inside": places, "waiting": waiting}
        self._seconds = seconds
        self._begin()
        _all.add(self)

    def _begin(self) -> None:
        self._executor = ThreadPoolExecutor(self._threads, thread_name_prefix=self._name)
        self._places = Places(self._bounds["inside"], waiting=self._bounds["waiting"], seconds=self._seconds)
        self._held = threading.local()

    def occupancy(self) -> tuple[int, int, int]:
        """Places taken, how many there are, and how many wait for one."""
        return self._places.occupancy()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one while what it encloses may `run`; one inside another is the same place. Raises NoPlace."""
        if getattr(self._held, "place", False):
            yield
            return
        with self._places.take():
            self._held.place = True
            try:
                yield
            finally:
                self._held.place = False

    def run(self, work: Callable[[], Result]) -> Result:
        """What it returns or raises. Raises NoPlace."""
        with self.place():
            return self._executor.submit(work).result()


_all: weakref.WeakSet[OwnThreads] = weakref.WeakSet()


def _begin_again() -> None:
    """Threads do not live on in a forked process."""
    for each in _all:
        each._begin()


os.register_at_fork(after_in_child=_begin_again)
