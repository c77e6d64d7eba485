"""Calls in turns: each is sent for a few seconds, then the next, then all again. The median of the rounds counts."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from bench.served.wrk import Figures, Sender


@dataclass(frozen=True)
class Measured:
    """The figures of one call, in the order of the rounds."""

    rounds: tuple[Figures, ...]

    @property
    def per_second(self) -> float:
        return median(each.per_second for each in self.rounds)

    @property
    def spread(self) -> tuple[float, float]:
        found = [each.per_second for each in self.rounds]
        return min(found), max(found)

    @property
    def cpu(self) -> float:
        """Milliseconds of the servers' own processor time per request."""
        return median(each.cpu for each in self.rounds)

    @property
    def p99(self) -> float:
        return median(each.p99 for each in self.rounds)


def ratio(ours: Measured, theirs: Measured) -> tuple[float, tuple[float, float]]:
    """The median of the rounds' ratios, and the lowest and the highest of them: the two ran beside each other."""
    found = [mine.per_second / other.per_second for mine, other in zip(ours.rounds, theirs.rounds, strict=True)]
    return median(found), (min(found), max(found))


def interleaved(senders: Mapping[str, Sender], *, seconds: float, rounds: int) -> dict[str, Measured]:
    """Every call is warmed up first: caches filled, connections to the database opened."""
    for name, sender in senders.items():
        _say(f"  warming up: {name}")
        sender.run(max(1.0, seconds / 3))
    found: dict[str, list[Figures]] = {name: [] for name in senders}
    for number in range(1, rounds + 1):
        for name, sender in senders.items():
            figures = sender.run(seconds)
            found[name].append(figures)
            _say(f"  round {number}: {name}: {figures.per_second:.0f}/s, {figures.cpu:.2f} ms own CPU")
    return {name: Measured(tuple(each)) for name, each in found.items()}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
