"""What is counted and measured here, for Prometheus: every metric of ours, and nothing else knows the library.

    metrics.throttled.count("initiate")
    with metrics.outbound.timed("keys"): ...

Without prometheus-client in a host's environment all of it does nothing. Behind several processes its multiprocess mode
adds them up (PROMETHEUS_MULTIPROC_DIR; our own server prepares it). No Django here.

Labels hold no personal data and few values: words of our own code, codes, slugs of the instance's providers. What looks
like anything else, an address or an id, is counted as `other`, and so is whatever comes once a metric has many values.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fairlead.tallies import Tallies

try:
    import prometheus_client
except ImportError:
    prometheus_client = None  # type: ignore[assignment]  # then nothing is counted

OTHER = "other"
NONE = "none"
MOST = 500  # different label values of one metric
# What somebody waits for takes a few milliseconds in the same data centre, and five seconds at most.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_WORD = re.compile(r"(?![0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{16,})[a-z][a-z0-9_-]{0,39}")
names: set[str] = set()
"""Of all metrics of ours, as a scrape shows them: without the endings of a histogram's series."""


class _Metric:
    """Its children by label values. Looking one up costs the hot path less than the library's own lookup."""

    def __init__(self, kind: str, name: str, meaning: str, labels: tuple[str, ...] = (), **more: Any) -> None:
        names.add(name)
        self._children: dict[tuple[str, ...], Any] = {}
        self._labels = labels
        self._all = getattr(prometheus_client, kind)(name, meaning, labels, **more) if prometheus_client else None
        self._lock = threading.Lock()

    def _child(self, values: tuple[str, ...]) -> Any:
        if self._all is None:
            return _NOTHING
        with self._lock:
            full = len(self._children) >= MOST
            known = tuple(OTHER if full or not _WORD.fullmatch(each) else each for each in values)
            child = self._all.labels(*known) if known else self._all
            # What nobody foresaw is not remembered: its number has no bound.
            if known == values:
                self._children[values] = child
            return child


class Counter(_Metric):
    def __init__(self, name: str, meaning: str, labels: tuple[str, ...] = ()) -> None:
        super().__init__("Counter", name, meaning, labels)

    def count(self, *values: str) -> None:
        """Once more. `values` are those of the labels, in their order."""
        (self._children.get(values) or self._child(values)).inc()


class HotCounter(Counter):
    """For a hot path. Where the server samples several times a second, the library is only told then."""

    in_rounds = False

    def __init__(self, name: str, meaning: str, labels: tuple[str, ...] = ()) -> None:
        super().__init__(name, meaning, labels)
        self._tallies: Tallies[tuple[str, ...]] = Tallies()

    def count(self, *values: str) -> None:
        if self.in_rounds and len(self._tallies) < MOST:
            self._tallies.count(values)
        else:
            super().count(*values)

    def publish(self) -> None:
        for values, gained in self._tallies.taken().items():
            (self._children.get(values) or self._child(values)).inc(gained)


class Duration(_Metric):
    """A histogram of seconds; its last label is how it came out."""

    def __init__(self, name: str, meaning: str, labels: tuple[str, ...]) -> None:
        super().__init__("Histogram", name, meaning, labels, buckets=_SECONDS)

    @contextmanager
    def timed(self, *values: str) -> Iterator[None]:
        """Around a call. It came out as the error's `outcome` says, if it has one, else `failed`; or `answered`."""
        began, outcome = time.monotonic(), "answered"
        try:
            yield
        except Exception as error:
            outcome = getattr(error, "outcome", "failed")
            raise
        finally:
            values = (*values, outcome)
            (self._children.get(values) or self._child(values)).observe(time.monotonic() - began)


class Gauge(_Metric):
    """What this process holds now; a scrape shows the sum over the processes that live."""

    def __init__(self, name: str, meaning: str, labels: tuple[str, ...] = ()) -> None:
        super().__init__("Gauge", name, meaning, labels, multiprocess_mode="livesum")

    def set(self, value: float, *values: str) -> None:
        (self._children.get(values) or self._child(values)).set(value)


class _Nothing:
    def inc(self, amount: float = 1) -> None: ...
    def observe(self, amount: float) -> None: ...
    def set(self, value: float) -> None: ...


_NOTHING = _Nothing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """How many of so many places are taken now, and how many wait for one."""

    taken: int
    most: int
    waiting: int = 0


sign_ins = Counter(
    "fairlead_sign_ins_total",
    "Sign-ins and renewals, each step at its own door",
    ("method", "provider", "outcome", "code"),
)
token_verdicts = HotCounter("fairlead_token_verdicts_total", "Tokens and keys that callers showed", ("door", "code"))
outbound = Duration("fairlead_outbound_call_seconds", "Calls to other people's servers", ("purpose", "outcome"))
refresh_reused = Counter("fairlead_refresh_reuse_total", "Sessions ended because a used refresh token came again")
throttled = Counter("fairlead_throttled_total", "Attempts beyond a limit", ("scope",))
places = Gauge("fairlead_places", "Places that there are", ("kind",))
places_taken = Gauge("fairlead_places_taken", "Places that are taken", ("kind",))
places_waiting = Gauge("fairlead_places_waiting", "Callers that wait for a place", ("kind",))
breakers_open = Gauge("fairlead_breakers_open", "Endpoints that are not asked now because they did not answer")

# How full this process is, by kind of place, and how many breakers are open: functions that are asked now and then.
occupied: dict[str, Callable[[], Occupancy]] = {}
open_breakers: Callable[[], int] = int

# Codes of refusals that are not the person's doing: ours, the provider's, or that of whoever fills the service.
FAILURES = frozenset(
    {"unavailable", "keys_unavailable", "provider_error", "provider_unreachable", "provider_unavailable"}
)


def count_sign_in(method: str, *, provider: str = "", code: str = "ok") -> None:
    """`provider` is the slug of an instance's provider."""
    outcome = "accepted" if code == "ok" else "failed" if code in FAILURES else "refused"
    sign_ins.count(method, provider or NONE, outcome, code)


def sample() -> None:
    """Look how full this process is. The server calls it several times a second, a scrape does too."""
    token_verdicts.publish()
    for kind, look in list(occupied.items()):
        now = look()
        places.set(now.most, kind)
        places_taken.set(now.taken, kind)
        places_waiting.set(now.waiting, kind)
    breakers_open.set(open_breakers())
