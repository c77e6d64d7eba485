"""Which machine this is, and whether it has anything else to do: figures of a busy one say little."""

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

_BUSY = 0.15  # of all cores


@dataclass(frozen=True, kw_only=True)
class Machine:
    """`load` is the load average of the last minute, `busy` the part of all cores that was at work just now."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    load: float
    busy: float

    @property
    def idle(self) -> bool:
        return self.busy < _BUSY

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores, {self.memory_gib:.0f} GiB, {self.system}; "
            f"load {self.load:.2f}, {self.busy:.0%} of the cores at work"
        )


def describe(*, seconds: float = 0.5) -> Machine:
    """Looks for `seconds` how busy the cores are."""
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory_gib=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
        system=f"{platform.system()} {platform.release()}",
        load=os.getloadavg()[0],
        busy=_busy(seconds),
    )


def _processor() -> str:
    try:
        found = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    names = {line.partition(":")[2].strip() for line in found.splitlines() if line.startswith("model name")}
    family = {line.partition(":")[2].strip() for line in found.splitlines() if line.startswith("model\t")}
    return f"{', '.join(sorted(names))} (model {', '.join(sorted(family))})" if names else platform.machine()


def _busy(seconds: float) -> float:
    before = _ticks()
    time.sleep(seconds)
    after = _ticks()
    if before is None or after is None or after[1] == before[1]:
        return 0.0
    return 1 - (after[0] - before[0]) / (after[1] - before[1])


def _ticks() -> tuple[int, int] | None:
    """Idle ticks and all ticks since the machine started; None where there is no /proc."""
    try:
        numbers = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    except OSError:
        return None
    return numbers[3] + numbers[4], sum(numbers)
