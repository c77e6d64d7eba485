"""Faults in turn for ten minutes or so, under a load that compares: `python -m tests.soak [SECONDS]`, or `make soak`."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from tests.soak import faults
from tests.soak.faults import Fault
from tests.soak.run import run
from tests.soak.stage import Stage

_DEFAULTS = {
    "DATABASE_URL": "postgres://postgres@127.0.0.1:5432/fairlead_soak",
    "CACHE_URL": "redis://127.0.0.1:6379/8",
}


def _for(seconds: float, stage: Stage) -> Iterator[Fault]:
    """Every fault at least once, then again until the time is over."""
    ends = time.monotonic() + seconds
    once = faults.every(stage)
    yield from once
    for fault in cycle(once):
        if time.monotonic() > ends:
            return
        yield fault


def main(seconds: float) -> int:
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    began = time.monotonic()

    def say(text: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:7.1f} s  {text}\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory() as folder:
        say("starting PostgreSQL's database, the service, its mail server, provider and clients")
        with Stage(Path(folder)) as stage:
            record = run(stage, _for(seconds, stage), say=say)
    sys.stdout.write(f"{record.table()}\n")
    return 1 if record.wrongs else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 600))
