"""How many may do something at once in this process. No Django here, and nobody waits without a bound."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class NoPlace(Exception):
    """All places are taken, and so are those where one could wait for one."""


class Places:
    """`inside` at once; `waiting` more wait for a place, so many `seconds` at most."""

    def __init__(self, inside: int, *, waiting: int, seconds: float) -> None:
        self._most, self._most_waiting = inside, waiting
        self._inside = threading.BoundedSemaphore(inside)
        self._waiting = threading.BoundedSemaphore(waiting)
        self._seconds = seconds

    def occupancy(self) -> tuple[int, int, int]:
        """Taken, how many there are, and how many wait: as it looked a moment ago."""
        waiting = self._most_waiting - self._waiting._value
        return self._most - self._inside._value, self._most, waiting

    @contextmanager
    def take(self) -> Iterator[None]:
        """Raises NoPlace."""
        self._enter()
        try:
            yield
        finally:
            self._inside.release()

    def _enter(self) -> None:
        if self._inside.acquire(blocking=False):
            return
        if not self._waiting.acquire(blocking=False):
            raise NoPlace
        try:
            if not self._inside.acquire(timeout=self._seconds):
                raise NoPlace
        finally:
            self._waiting.release()
