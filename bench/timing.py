"""Taking times so that a noisy machine spoils little: in turns, many short rounds, the best round of each.

A round of a case lasts about a millisecond or two, so that every case gets its share of the moments in which nothing
else runs. With few long rounds one case may catch such a moment and the other not: a check then seemed faster than the
signature inside it.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def _nothing() -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is timed: `call`, `times` per round. `before_each` and `before_round` are not timed."""

    call: Callable[[], Any]
    times: int = 20
    before_each: Callable[[], Any] | None = None
    before_round: Callable[[], Any] = _nothing


def best(cases: dict[str, Case], *, rounds: int = 200) -> dict[str, float]:
    """Seconds per call of each case in its best round."""
    found: dict[str, float] = {}
    for name, case in cases.items():
        _round(case)
        found[name] = float("inf")
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            if number % 25 == 0:
                gc.collect()
            for name, case in cases.items():
                found[name] = min(found[name], _round(case))
    finally:
        gc.enable()
    return found


def _round(case: Case) -> float:
    case.before_round()
    call, spent = case.call, 0
    if case.before_each is None:
        started = time.perf_counter_ns()
        for _ in range(case.times):
            call()
        spent = time.perf_counter_ns() - started
    else:
        for _ in range(case.times):
            case.before_each()
            started = time.perf_counter_ns()
            call()
            spent += time.perf_counter_ns() - started
    return spent / case.times / 1e9


def cpu(call: Callable[[], Any]) -> float:
    """Seconds of processor time that this thread spent in one call, so without what a provider in another one does."""
    started = time.thread_time_ns()
    call()
    return (time.thread_time_ns() - started) / 1e9
