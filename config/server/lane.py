"""Requests that found no place and used nothing up. They wait here without a thread, and are tried again in turn.

The application marks such an answer in the request's environment, where no header can stand; what it puts there is the
name that had no place left (`provider:default`), and the network that asked. The names take turns, within a name the
networks do, and where there is no room left the last of the name that has most gives way: many who wait for one
provider keep nobody from another, and one who asks many times keeps nobody from the same.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from config.server.answers import Answer
from config.server.limits import Limits

# As in fairlead/web/put_back.py, which the server's master must not import.
NO_PLACE = "fairlead.no_place"
WHOSE = "fairlead.no_place_whose"
TRIED_BEFORE = "fairlead.tried_before"
_OF_ONE_NAME = 4


@dataclass(frozen=True, kw_only=True)
class Held:
    connection: Any
    name: str
    whose: str
    answer: Answer
    """What is sent when patience ends."""

    @property
    def since(self) -> float:
        """When the request was whole, by the monotonic clock; not when it was tried last."""
        return float(self.connection.since)


class Lane:
    """Everything here runs in the loop."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._by_name: dict[str, list[Held]] = {}

    def __len__(self) -> int:
        return sum(len(queue) for queue in self._by_name.values())

    def take(self, held: Held) -> Held | None:
        """Let it wait. Returns whoever is to be answered for it, perhaps this very one."""
        queue = self._by_name.setdefault(held.name, [])
        queue.append(held)
        queue[:] = _in_turn(queue)
        if len(self) <= self._limits.lane:
            return None
        name = max(self._by_name, key=lambda each: len(self._by_name[each]))
        return self._out(name, self._by_name[name][-1])

    def give_up(self, connection: Any) -> bool:
        """Forget this one. False when it does not wait here."""
        for name, queue in self._by_name.items():
            for held in queue:
                if held.connection is connection:
                    self._out(name, held)
                    return True
        return False

    def over(self, *, now: float) -> list[Held]:
        """Take out those whose patience has ended."""
        ended = now - self._limits.lane_seconds
        found = [(name, held) for name, queue in self._by_name.items() for held in queue if held.since <= ended]
        return [self._out(name, held) for name, held in found]

    def next(self, *, most: int) -> list[Held]:
        """Take out those whose turn it is: the oldest of each name, other names the next time."""
        found: list[Held] = []
        for name in list(self._by_name):
            chosen = self._by_name[name][: min(_OF_ONE_NAME, most - len(found))]
            if not chosen:
                break
            found += [self._out(name, held) for held in chosen]
            if name in self._by_name:
                self._by_name[name] = self._by_name.pop(name)
        return found

    def _out(self, name: str, held: Held) -> Held:
        self._by_name[name].remove(held)
        if not self._by_name[name]:
            del self._by_name[name]
        return held


def _in_turn(queue: list[Held]) -> list[Held]:
    """The oldest of each network first, then the second of each, and so on."""
    before: Counter[str] = Counter()
    turns: list[tuple[int, float, int]] = []
    by_age = sorted(queue, key=lambda each: each.since)
    for place, held in enumerate(by_age):
        turns.append((before[held.whose], held.since, place))
        before[held.whose] += 1
    return [by_age[place] for _, _, place in sorted(turns)]
