"""Passwords are hashed in a few threads of their own: 19 MiB each, and a core while it lasts.

Threads, not a semaphore around the request's: the C library keeps freed memory per thread, so a process whose every
thread has hashed once holds as much as if all did so at once. Whoever is to hash takes a place first, before any query;
where none comes free the answer is 429, and the other requests still have threads to be answered in.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.contrib.auth.hashers import Argon2PasswordHasher

from fairlead.conf import conf
from fairlead.metrics import Occupancy
from fairlead.places import NoPlace, Places
from fairlead.web.rate_limits import RateLimited

Result = TypeVar("Result")
WAIT = 1.0  # seconds; honest callers who come at once are served one after the other
_RETRY_AFTER = 2  # seconds


class OwaspArgon2PasswordHasher(Argon2PasswordHasher):
    """argon2id with the least parameters of OWASP's Password Storage Cheat Sheet. Django's own take 100 MiB."""

    time_cost = 2
    memory_cost = 19456  # KiB
    parallelism = 1


class HashingIsFull(RateLimited):
    """As many passwords are being hashed as this process may hold."""

    on_record = False


class _Hashing:
    """`threads` hash at once; as many callers wait for one, and twice as many for a place, WAIT seconds at most."""

    def __init__(self, threads: int) -> None:
        self.executor = ThreadPoolExecutor(threads, thread_name_prefix="password-hashing")
        self._places = Places(2 * threads, waiting=2 * threads, seconds=WAIT)
        self._held = threading.local()

    def occupancy(self) -> Occupancy:
        taken, most, waiting = self._places.occupancy()
        return Occupancy(taken=taken, most=most, waiting=waiting)

    @contextmanager
    def place(self) -> Iterator[None]:
        if getattr(self._held, "place", False):
            yield
            return
        try:
            with self._places.take():
                self._held.place = True
                try:
                    yield
                finally:
                    self._held.place = False
        except NoPlace:
            raise HashingIsFull(_RETRY_AFTER) from None


_lock = threading.Lock()
_hashing: _Hashing | None = None


def _of_this_process() -> _Hashing:
    global _hashing  # noqa: PLW0603 - one per process
    with _lock:
        if _hashing is None:
            _hashing = _Hashing(conf().password_hash_threads)
        return _hashing


def start_again() -> None:
    """Threads do not live on in a forked process; a test has other settings."""
    global _hashing, _lock
    _lock, _hashing = threading.Lock(), None


os.register_at_fork(after_in_child=start_again)


def occupancy() -> Occupancy:
    """How many places to hash are taken in this process."""
    return _of_this_process().occupancy()


@contextmanager
def place() -> Iterator[None]:
    """Hold a place while what it encloses may hash; one inside another is the same place. Raises HashingIsFull."""
    with _of_this_process().place():
        yield


def in_its_threads(hashing: Callable[[], Result]) -> Result:
    """Run it in one of the few threads. No database there: a query would open a connection that nobody closes."""
    with place():
        return _of_this_process().executor.submit(hashing).result()
