"""Who may wait for the outside, and who need not try: places for threads, and breakers for endpoints. Django-free.

A thread that waits for somebody else's server serves nobody. So at most `most` of a process wait at once (half its
threads, gunicorn.conf.py says), half of those for one provider, origin or organization. Some more wait a moment for a
place, so that a burst at a server that answers is served; all others are told at once. A place is taken before anything
is used up, so that the caller may come again.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from fairlead.metrics import Occupancy
from fairlead.refusal import Refused

_COOLDOWN = 10.0  # seconds
_PATIENCE = 1.5  # seconds
_FAILURES = 3
_MAX_BREAKERS = 10_000


class Busy(Refused):
    """As many wait for the outside as may. Nothing was used up.

    `full` is the name that a place was wanted for, where trying again soon may find one; empty where it need not.
    """

    code = "unavailable"
    retry_after: int = 2

    def __init__(self, detail: str = "", *, full: str = "") -> None:
        self.full = full
        super().__init__(detail or "Too many wait for an answer from outside just now. Try again in a moment.")


class Waiting:
    """`most` in all, half of them for one name: `provider:default`, `organization:7`, `origin:https://...`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken = 0
        self._by_name: Counter[str] = Counter()
        self._patient = 0
        self._lock = threading.Condition()
        self._held = threading.local()

    @contextmanager
    def place(self, *names: str) -> Iterator[None]:
        """Raises Busy. One inside another is the same place, for further names."""
        outer: frozenset[str] | None = getattr(self._held, "names", None)
        mine = frozenset(names) - (outer or frozenset())
        first = outer is None
        self._take(mine, first=first)
        self._held.names = (outer or frozenset()) | mine
        try:
            yield
        finally:
            self._held.names = outer
            with self._lock:
                self._taken -= first
                self._by_name -= Counter(mine)  # drops names that nobody waits for
                self._lock.notify_all()

    @contextmanager
    def brief(self) -> Iterator[None]:
        """For a second at most, in nobody's name: a quarter of all stays for those who have one. Raises Busy."""
        with self._lock:
            if self._taken >= self.most - max(1, self.most // 4):
                raise Busy
            self._taken += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken -= 1
                self._lock.notify_all()

    @property
    def occupancy(self) -> Occupancy:
        return Occupancy(taken=self._taken, most=self.most, waiting=self._patient)

    @property
    def held(self) -> bool:
        """Whether this thread has a place already."""
        return getattr(self._held, "names", None) is not None

    @contextmanager
    def behind(self) -> Iterator[None]:
        """For threads that serve no request: they are bounded by their own number."""
        self._held.names = frozenset()
        try:
            yield
        finally:
            self._held.names = None

    def _take(self, names: frozenset[str], *, first: bool) -> None:
        until = time.monotonic() + _PATIENCE
        share = max(1, self.most // 2)
        with self._lock:
            while (first and self._taken >= self.most) or any(self._by_name[name] >= share for name in names):
                left = until - time.monotonic()
                if left <= 0 or self._patient >= share:
                    raise Busy(full=min(names, default="") if first else "")
                self._patient += 1
                self._lock.wait(left)
                self._patient -= 1
            self._taken += first
            self._by_name += Counter(names)


class Breakers:
    """After three failures in a row one caller per cooldown tries again (half open); the others are told at once.

    Names are an endpoint of one provider, never a host: strangers share those.
    """

    def __init__(self) -> None:
        self._failures: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def open(self, name: str) -> bool:
        """Whether it need not be tried now. Claims nothing."""
        failures, until = self._failures.get(name, (0, 0.0))
        return failures >= _FAILURES and time.monotonic() < until

    def count_open(self) -> int:
        return sum(self.open(name) for name in list(self._failures))

    def claim(self, name: str) -> bool:
        """Whether this caller may try. While it is half open, nobody else may before the cooldown is over."""
        with self._lock:
            if self.open(name):
                return False
            failures, _ = self._failures.get(name, (0, 0.0))
            if failures >= _FAILURES:
                self._failures[name] = (failures, time.monotonic() + _COOLDOWN)
            return True

    def failed(self, name: str) -> None:
        with self._lock:
            failures, _ = self._failures.pop(name, (0, 0.0))
            if len(self._failures) >= _MAX_BREAKERS:
                del self._failures[next(iter(self._failures))]
            self._failures[name] = (failures + 1, time.monotonic() + _COOLDOWN)

    def succeeded(self, name: str) -> None:
        with self._lock:
            self._failures.pop(name, None)


outside = Waiting(8)
breakers = Breakers()


def start_again(*, most: int | None = None) -> None:
    """For a worker that knows its number of threads, and for tests."""
    global outside, breakers
    outside, breakers = Waiting(most or outside.most), Breakers()


def occupancy() -> Occupancy:
    return outside.occupancy


def open_breakers() -> int:
    return breakers.count_open()
