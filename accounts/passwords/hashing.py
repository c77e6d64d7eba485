"""Passwords are hashed in a few threads of their own: 19 MiB each, and a core while it lasts.

Whoever is to hash takes a place first, before any query; where none comes free the answer is 429, and the other
requests still have threads to be answered in.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from django.contrib.auth.hashers import Argon2PasswordHasher

from fairlead.conf import conf
from fairlead.metrics import Occupancy
from fairlead.own_threads import OwnThreads
from fairlead.places import NoPlace
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


_lock = threading.Lock()
_threads: OwnThreads | None = None


def of_this_process() -> OwnThreads:
    """As many hash at once as the setting says; as many wait for one, and twice as many for a place, WAIT seconds."""
    global _threads  # noqa: PLW0603 - one per process
    with _lock:
        if _threads is None:
            count = conf().password_hash_threads
            _threads = OwnThreads("password-hashing", count, places=2 * count, waiting=2 * count, seconds=WAIT)
        return _threads


def start_again() -> None:
    """A test has other settings."""
    global _threads  # noqa: PLW0603 - one per process
    _threads = None


def occupancy() -> Occupancy:
    """How many places to hash are taken in this process."""
    taken, most, waiting = of_this_process().occupancy()
    return Occupancy(taken=taken, most=most, waiting=waiting)


@contextmanager
def place() -> Iterator[None]:
    """Hold a place while what it encloses may hash; one inside another is the same place. Raises HashingIsFull."""
    with ExitStack() as held:
        try:
            held.enter_context(of_this_process().place())
        except NoPlace:
            raise HashingIsFull(_RETRY_AFTER) from None
        yield


def in_its_threads(hashing: Callable[[], Result]) -> Result:
    """Run it in one of the few threads. Raises HashingIsFull."""
    with place():
        return of_this_process().run(hashing)
