"""What the document cache is about: a document at a URL, when it was had, how long it counts, where it is kept.

Types and the rule of freshness only. The mechanism is `document_cache` and `attempts`; the database behind `Store` is
`store`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from fairlead.idtokens.budgets import Budget
from fairlead.idtokens.errors import Explained
from fairlead.idtokens.fetched import Fetched

T = TypeVar("T")
AsGood = Callable[[Any, Any], None]

# All in seconds.
FRESH = 300.0
FRESH_AT_LEAST = 60.0
STALE_IF_ERROR = 24 * 3600.0
COOLDOWN = 10.0
FIRST_WAIT = 6.0  # that a caller waits where there is no document at all
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|[,\s])(?:no-store|no-cache)(?:$|[,\s=])", re.IGNORECASE)


def _whatever_comes(newer: Any, former: Any) -> None:
    """The newer replaces the former."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a document comes from. `group` is the organization that pays for the fetch; None: the operator.

    `require_as_good(newer, former)` raises FetchRefused for what must not replace a former value that still works.
    """

    url: str
    fetch: Callable[[str], Fetched]
    group: str | None = None
    require_as_good: AsGood = _whatever_comes


@dataclass(frozen=True, kw_only=True)
class Loaded(Generic[T]):
    """A document as read, with its times. Swapped as one reference, never changed."""

    value: T
    fetched_at: float
    fresh_until: float

    def usable_at(self, now: float) -> bool:
        """Whether it may still stand in while the other side does not answer."""
        return now < self.fetched_at + STALE_IF_ERROR


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the store knows about a URL: the last good document (None: never had one) and the last attempt."""

    document: Any
    fetched_at: float
    fresh_until: float
    next_fetch_at: float
    claimed_at: float
    error: str
    error_at: float
    error_is_final: bool

    @property
    def being_fetched(self) -> bool:
        """Whether somebody claimed the fetch and has not reported back."""
        return self.claimed_at > max(self.fetched_at, self.error_at)


class Store(Protocol):
    """Keeps snapshots across restarts and processes. Times are Unix times in seconds."""

    def load(self, kind: str, url: str) -> Snapshot | None:
        """What is known about this URL."""

    def claim(self, kind: str, url: str, *, now: float) -> bool:
        """Take the URL's cooldown; False while somebody else has it. Only who gets True may fetch."""

    def release(self, kind: str, url: str, *, claimed_at: float) -> None:
        """Give a cooldown back that was taken in vain: nobody was asked."""

    def used_up(self, budgets: list[Budget], *, now: float) -> Budget | None:
        """The first of these budgets that has nothing left, if any. Charges nothing."""

    def spend(self, budgets: list[Budget], *, now: float) -> Budget | None:
        """Charge one fetch to each of these budgets, up to the one that is used up, if any: then nobody is asked."""

    def keep(self, kind: str, url: str, *, document: Any, fetched_at: float, fresh_until: float) -> None:
        """Remember a good document."""

    def fail(self, kind: str, url: str, *, error: str, final: bool, at: float) -> None:
        """Remember a failed attempt; the last good document stays."""


class Unavailable(Explained):
    """No usable document. `final` says that it can never work as configured; `retry_after` is in seconds."""

    def __init__(self, detail: str, *, final: bool, retry_after: float) -> None:
        super().__init__(detail)
        self.detail = detail
        self.final = final
        self.retry_after = max(1, int(retry_after + 0.999))


class Crowded(Unavailable):
    """As many wait for it as may."""


class OverBudget(Unavailable):
    """Nobody was asked: a budget is used up. `own`: by the caller's organization itself."""

    def __init__(self, *, own: bool, retry_after: float) -> None:
        whom = "Your organization has" if own else "Others have"
        detail = f"{whom} had as many documents fetched as it may in a minute. Try again later."
        super().__init__(detail, final=False, retry_after=retry_after)
        self.own = own


def fresh_seconds(headers: Mapping[str, str]) -> float:
    """How long an answer with these headers is fresh: what Cache-Control says, within [1 min, 5 min]."""
    control = headers.get("cache-control", "")
    if _NOT_KEPT.search(control):
        return FRESH_AT_LEAST
    if told := _MAX_AGE.search(control):
        return min(FRESH, max(FRESH_AT_LEAST, float(told.group(1))))
    return FRESH
