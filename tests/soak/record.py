"""What was asked, acknowledged and refused around each fault, and whatever was wrong."""

import threading
import time
from dataclasses import dataclass, field

CALM = "no fault"


@dataclass
class Tally:
    asked: int = 0
    acknowledged: int = 0
    refused: int = 0
    """What is refused without any fault too: ended tokens, used codes and links, forgeries."""
    turned_away: int = 0
    """For the fault's sake: 503 or 429 with Retry-After, and the code that a provider's or key set's fault has."""
    unanswered: int = 0
    wrong: int = 0


@dataclass
class Record:
    """`phase` names the fault that is on, or that the service still recovers from."""

    phase: str = CALM
    tallies: dict[str, Tally] = field(default_factory=dict)
    wrongs: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def calm(self) -> bool:
        return self.phase == CALM

    def count(self, phase: str, what: str) -> None:
        with self._lock:
            tally = self.tallies.setdefault(phase, Tally())
            tally.asked += 1
            setattr(tally, what, getattr(tally, what) + 1)

    def wrong(self, text: str, *, phase: str | None = None) -> None:
        with self._lock:
            self.tallies.setdefault(phase or self.phase, Tally()).wrong += 1
            self.wrongs.append(f"{time.monotonic() - self.began:.1f} s, {phase or self.phase}: {text}")

    def table(self) -> str:
        heads = ("asked", "acknowledged", "refused", "turned_away", "unanswered", "wrong")
        width = max(map(len, [*self.tallies, "fault"]))
        lines = ["  ".join([f"{'fault':{width}}", *heads])]
        for phase, tally in self.tallies.items():
            figures = [f"{getattr(tally, head):>{len(head)}}" for head in heads]
            lines.append("  ".join([f"{phase:{width}}", *figures]))
        return "\n".join([*lines, *(f"WRONG at {text}" for text in self.wrongs)])
