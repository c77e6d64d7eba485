"""What the service has ended: tokens, sessions, links, codes. From its delay on, each is refused, and stays refused."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.soak.caller import Answer
from tests.soak.record import Record

# So many of those that were refused once are presented again afterwards.
_AGAIN = 200
# As the documents promise, over all workers and caches; and a little for a clock that is read twice.
REVOCATION_DELAY = 31.0


@dataclass(frozen=True, kw_only=True)
class Ended:
    what: str
    due: float
    present: Callable[[], Answer]


@dataclass
class Spent:
    record: Record
    _ended: list[Ended] = field(default_factory=list)
    _refused: list[Ended] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: bool = False

    def close(self) -> None:
        """The run is about to end: nobody shall wait for a delay that begins only now."""
        self._closing = True

    def add(self, what: str, present: Callable[[], Answer], *, delay: float = 0.0) -> None:
        if delay and self._closing:
            return
        with self._lock:
            self._ended.append(Ended(what=what, due=time.monotonic() + delay, present=present))

    def kinds(self) -> set[str]:
        """What has ended so far, in words."""
        with self._lock:
            return {each.what for each in [*self._ended, *self._refused]}

    def look(self) -> bool:
        """Present one that is due. False: none is."""
        now = time.monotonic()
        with self._lock:
            one = next((each for each in self._ended if each.due <= now), None)
            if one is not None:
                self._ended.remove(one)
        if one is None:
            return False
        answer = one.present()
        if answer.ok:
            self.record.wrong(f"{one.what} still works")
        with self._lock:
            # No answer is no refusal: it is presented again.
            (self._ended if answer.unknown or answer.status == 429 else self._refused).append(one)
        return True

    def compare(self) -> int:
        """Wait until everything is due, and present it; and once more what was refused. Returns how many they were."""
        with self._lock:
            everything = [*self._ended, *random.sample(self._refused, min(_AGAIN, len(self._refused)))]
            self._ended, self._refused = [], []
        for each in sorted(everything, key=lambda each: each.due):
            time.sleep(max(0.0, each.due - time.monotonic()))
            answer = each.present()
            if answer.ok or answer.unknown:
                self.record.wrong(f"{each.what} is not refused: {answer.status}")
        return len(everything)
