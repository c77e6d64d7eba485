"""All connections of a worker: how many there may be, what they hold together, and which one goes when it is too much.

The one that has waited longest goes first: an honest client is done in a moment, a slow one is the oldest soon.
"""

from collections.abc import Iterator

from config.server.connection import Connection, Stage

_IN_NOBODYS_WAY = {Stage.CLOSING: 0, Stage.IDLE: 1}
_SLOW = frozenset({Stage.HEAD, Stage.BODY, Stage.ANSWERING})


class Connections:
    def __init__(self, *, most: int) -> None:
        self.most = most
        self.held = 0
        """Bytes of requests and answers, whole or not, of all of them."""
        self._all: set[Connection] = set()

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._all))

    def add(self, connection: Connection) -> None:
        self._all.add(connection)
        self.count(connection)

    def remove(self, connection: Connection) -> None:
        self._all.discard(connection)
        self.held -= connection.counted
        connection.counted = 0

    def count(self, connection: Connection) -> None:
        """Bring the sum up to date with what this one holds now."""
        held = connection.held
        self.held += held - connection.counted
        connection.counted = held

    def dispensable(self) -> Connection | None:
        """The connection to close for a new one: never one whose request is being worked at."""
        ranked = [each for each in self._all if each.stage in _IN_NOBODYS_WAY or each.stage in _SLOW]
        return min(ranked, key=lambda each: (_IN_NOBODYS_WAY.get(each.stage, 2), each.since), default=None)

    def heaviest(self) -> Connection | None:
        """The connection to refuse for its bytes: the oldest slow one that holds at least its share."""
        share = self.held / max(1, len(self._all))
        heavy = [each for each in self._all if each.stage in _SLOW and each.counted >= share]
        return min(heavy, key=lambda each: each.since, default=None)
