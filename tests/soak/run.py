"""One run: the load, the faults under it one after the other, and the comparison afterwards."""

import threading
import time
from collections.abc import Callable, Iterable
from itertools import islice

from tests.soak.faults import Fault
from tests.soak.record import CALM, Record
from tests.soak.stage import Stage

_PRESENTERS = 2
# Between two faults: whatever is refused now, is refused without a reason.
_CALM = 1.0
_RECOVERS_WITHIN = 60.0
_ROUNDS = 2
Say = Callable[[str], None]


def run(stage: Stage, faults: Iterable[Fault], *, say: Say) -> Record:
    """`faults` may be endless: whoever gives them knows when to stop."""
    stopped = threading.Event()
    threads = [threading.Thread(target=actor.work, args=(stopped,)) for actor in stage.actors]
    threads += [threading.Thread(target=_present, args=(stage, stopped)) for _ in range(_PRESENTERS)]
    for thread in threads:
        thread.start()
    try:
        _recovered(stage)
        for fault in faults:
            _plant(fault, stage, say=say)
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    say("comparing what was acknowledged with what is there")
    compare(stage, say=say)
    return stage.record


def _present(stage: Stage, stopped: threading.Event) -> None:
    while not stopped.wait(0.05):
        stage.spent.look()


def _plant(fault: Fault, stage: Stage, *, say: Say) -> None:
    record = stage.record
    record.phase = fault.name
    began = time.monotonic()
    if fault.last:
        stage.spent.close()
    with fault.plant(stage):
        time.sleep(fault.lasts)
    ended = time.monotonic()
    if fault.settles is not None:
        time.sleep(fault.settles)
        _recovered(stage)
    say(f"{fault.name}: on for {ended - began:.1f} s, over after {time.monotonic() - ended:.1f} s; {_figures(record)}")
    if fault.settles is not None:
        record.phase = CALM
        time.sleep(_CALM)


def _recovered(stage: Stage) -> None:
    """Every client has had rounds in which nothing was refused for the fault's sake."""
    before = {actor: actor.clean_rounds for actor in stage.actors}
    ends = time.monotonic() + _RECOVERS_WITHIN
    while late := [each.name for each in stage.actors if each.clean_rounds < before[each] + _ROUNDS]:
        if time.monotonic() > ends:
            return stage.record.wrong(f"nothing works again for {', '.join(late)}")
        time.sleep(0.1)
    return None


def _figures(record: Record) -> str:
    return ", ".join(f"{what} {number}" for what, number in vars(record.tallies[record.phase]).items() if number)


def compare(stage: Stage, *, say: Say) -> None:
    """Fill the record with everything that is lost, doubled, or works although it has ended."""
    record = stage.record
    record.phase = CALM
    waiting = next((0 for _ in range(5) if not stage.send_what_waits()), 1)
    if waiting:
        record.wrong("mails still wait although the mail server is back")
    for actor in stage.actors:
        actor.compare()
    _compare_rows(stage)
    say(f"{stage.spent.compare()} tokens, codes and links that have ended were presented once more")
    for excerpt in islice(tracebacks(stage.server.log), 3):
        record.wrong(f"a traceback in the log: {excerpt}")


def _compare_rows(stage: Stage) -> None:
    found = stage.rows()
    for name, (least, most) in stage.expected_rows().items():
        if not least <= found[name] <= most:
            stage.record.wrong(f"{found[name]} rows of {name}, {least} acknowledged and at most {most} asked for")


def tracebacks(log: str) -> Iterable[str]:
    lines = log.splitlines()
    for at, line in enumerate(lines):
        if line.startswith("Traceback (most recent call last)"):
            yield "\n".join(lines[max(0, at - 2) : at + 30])
