"""How often a password may be tried: by one client network at one account, and by one network at all accounts.

The pair is locked, never the account for everyone: else anybody could lock anybody out. Each has a short and a long
window (RATE_LIMIT_LOGIN, RATE_LIMIT_LOGIN_PER_NETWORK). What a refusal names is the whole wait: an attempt that is
refused is not counted, so trying on does not lengthen it, and no second limit stands behind the first.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from fairlead import client, metrics
from fairlead.conf import Rate, conf
from fairlead.web import attempt_counters
from fairlead.web.attempt_counters import Window
from fairlead.web.rate_limits import RateLimited


class TooManyTries(RateLimited):
    """The pair of network and account, or the network for all accounts, is locked for a while."""

    cause_id = "password.throttled"


@dataclass(frozen=True, kw_only=True)
class _Limit:
    times: int
    now: Window
    before: Window


@contextmanager
def counted(request: HttpRequest, *, account: str) -> Iterator[None]:
    """Around the proof. An exception leaves the attempt counted; one that ends well was no guess, and is given back.

    Only its own attempt: other people's failures stay counted. Raises RateLimited.
    """
    limits = _take(client.network(request), account) if conf().rate_limits else []
    yield
    _give_back(limits)


def waits(networks: Iterable[str], *, account: str) -> dict[str, tuple[float, float]]:
    """Seconds until the next try at this account, and at any account, from each network; 0 where there is none to wait.

    Counts nothing: for whoever answers a person that is locked out.
    """
    if not conf().rate_limits:
        return {}
    now = timezone.now().timestamp()
    asked = [(each, _of_pair(each, account, now), _of_network(each, now)) for each in networks]
    every = [limit for _network, pair, network in asked for limit in (*pair, *network)]
    counts = attempt_counters.read([each.now for each in every] + [each.before for each in every])
    pairs = zip(every, counts[: len(every)], counts[len(every) :], strict=True)
    left = iter([_wait(each, count, before, now=now) for each, count, before in pairs])
    # In the order in which they were asked.
    return {each: (max(next(left) for _ in pair), max(next(left) for _ in network)) for each, pair, network in asked}


def forget(networks: Iterable[str], *, account: str) -> None:
    """Let these networks try this account anew. What a network did at all accounts stays counted."""
    now = timezone.now().timestamp()
    limits = [limit for each in networks for limit in _of_pair(each, account, now)]
    attempt_counters.forget([each.now for each in limits] + [each.before for each in limits])


def _of_pair(network: str, account: str, now: float) -> list[_Limit]:
    return [_limit("password", f"{network} {account}", rate, now=now) for rate in conf().rate_limit_login]


def _of_network(network: str, now: float) -> list[_Limit]:
    return [_limit("passwords", network, rate, now=now) for rate in conf().rate_limit_login_per_network]


def _take(network: str, account: str) -> list[_Limit]:
    now = timezone.now().timestamp()
    limits = [*_of_pair(network, account, now), *_of_network(network, now)]
    counts = attempt_counters.read([each.now for each in limits] + [each.before for each in limits])
    waits = [_wait(each, counts[place], counts[place + len(limits)], now=now) for place, each in enumerate(limits)]
    if not any(waits):
        # Counted before the password is looked at: of attempts at the same moment no more get through.
        over = [attempt_counters.count(each.now) > each.times for each in limits]
        waits = [each.now.ends_at - now if more else 0 for each, more in zip(limits, over, strict=True)]
        if any(over):
            _give_back(limits)
    if any(waits):
        metrics.throttled.count("password")
        raise TooManyTries(int(max(waits)) + 1)
    return limits


def _give_back(limits: list[_Limit]) -> None:
    for each in limits:
        attempt_counters.give_back(each.now)


def _limit(scope: str, key: str, rate: Rate, *, now: float) -> _Limit:
    return _Limit(
        times=rate.times,
        now=attempt_counters.window(scope, key, seconds=rate.seconds, now=now),
        before=attempt_counters.window(scope, key, seconds=rate.seconds, now=now - rate.seconds),
    )


def _wait(limit: _Limit, count: int, before: int, *, now: float) -> float:
    """Seconds until there is room for one attempt more, if nobody else tries; 0 when there is.

    The window before counts by the part of it that the last `seconds` still reach into: whoever fills one window
    cannot fill the next at once.
    """
    left, seconds = limit.now.ends_at - now, limit.now.seconds
    if count >= limit.times:
        # Past this window's end, until enough of it lies too far back.
        return left + seconds * (1 - (limit.times - 1) / count)
    if before == 0 or count + before * left / seconds <= limit.times - 1:
        return 0
    return left - seconds * (limit.times - 1 - count) / before
