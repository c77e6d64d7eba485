"""What each worker of a server holds in memory, looked at while a load runs."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import Server

ALLOWED = 150 * 1024 * 1024  # bytes that any one worker may grow by, at its peak
_RESIDENT = re.compile(r"VmRSS:\s+(\d+) kB")


def of_workers(server: Server) -> dict[str, int]:
    """Bytes by process id."""
    assert server._child is not None
    master = server._child.process.pid
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    found = {each: _RESIDENT.findall(Path(f"/proc/{each}/status").read_text()) for each in workers}
    return {each: int(kib) * 1024 for each, (kib,) in found.items()}


@contextmanager
def growth(server: Server, *, since: dict[str, int]) -> Iterator[dict[str, int]]:
    """By how much each worker grew at its peak since then; complete when the block is left."""
    before, stopped = since, threading.Event()
    peak = dict.fromkeys(before, 0)

    def look() -> None:
        while not stopped.wait(0.02):
            for worker, now in of_workers(server).items():
                peak[worker] = max(peak[worker], now - before[worker])

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stopped.set()
        thread.join()
