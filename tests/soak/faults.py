"""The faults: what is done to which part, for how long, and how long the service may then need by its own documents.

A clock is stepped by a restart: the machine's own belongs to everybody on it, so the server process is given another one,
with the same code. The provider, the clients, PostgreSQL and Redis keep theirs.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace

from tests.soak.stage import Stage

# Seconds; less than any leeway for clocks, so that nobody is to notice it.
_STEP = 5.0
# A breaker lets nobody try before, and keys that were just fetched are not fetched again.
_COOLDOWN = 11.0


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`lasts` and `settles` in seconds: from then on every answer is to be as if nothing had been.

    `settles` None: the next fault begins at once, before the service has recovered from this one.
    """

    name: str
    plant: Callable[[Stage], AbstractContextManager[None]]
    lasts: float = 2.0
    settles: float | None = 3.0
    last: bool = False


def every(stage: Stage) -> list[Fault]:
    """One after the other, for hours."""
    return [*_processes(), *_clocks(), *_servers(stage), *_outside(), *_mail()]


def few(stage: Stage) -> list[Fault]:
    """Each once, in two minutes: what lies outside hangs, fails and lies together, and the server dies of it twice."""
    worker, master, restart = _processes()
    hang, fail, lie, rotate = _together()
    behind, _ahead = _clocks()
    return [worker, hang, master, fail, restart, behind, *_servers(stage), lie, replace(rotate, last=True)]


def _processes() -> list[Fault]:
    return [
        Fault(name="workers killed", plant=_now(lambda stage: stage.kill_workers(times=3)), lasts=0),
        Fault(name="master killed", plant=_now(Stage.kill_master), lasts=1),
        Fault(name="server restarted", plant=_now(lambda stage: stage.server.restart()), lasts=1),
    ]


def _clocks() -> list[Fault]:
    return [
        Fault(name=f"clock {name}", plant=lambda stage, off=off: stage.clock_off(off), lasts=2 * _STEP, settles=_STEP)
        for name, off in (("behind", -_STEP), ("ahead", _STEP))
    ]


def _servers(stage: Stage) -> list[Fault]:
    found = []
    if stage.database is not None:
        found += [
            Fault(name="PostgreSQL cut", plant=lambda stage: stage.database.cut()),
            Fault(name="PostgreSQL cut often", plant=_now(_cut_often), lasts=0),
            Fault(name="PostgreSQL hung", plant=lambda stage: stage.database.hung(), lasts=5, settles=5),
        ]
    if stage.cache is not None:
        found += [
            Fault(name="Redis cut", plant=lambda stage: stage.cache.cut()),
            Fault(name="Redis hung", plant=lambda stage: stage.cache.hung()),
        ]
    return found


def _outside() -> list[Fault]:
    return [
        Fault(name="provider hangs", plant=lambda stage: stage.provider.hung(), lasts=8, settles=_COOLDOWN),
        Fault(name="provider fails", plant=lambda stage: stage.provider.failing(), settles=_COOLDOWN),
        Fault(name="provider lies", plant=lambda stage: stage.provider.lying(), settles=_COOLDOWN),
        Fault(name="provider's keys rotate", plant=_now(lambda stage: stage.provider.rotate()), settles=_COOLDOWN),
        Fault(name="pool keys hang", plant=lambda stage: stage.keys.hung(), lasts=8, settles=_COOLDOWN),
        Fault(name="pool keys fail", plant=lambda stage: stage.keys.failing(), settles=_COOLDOWN),
        Fault(name="pool keys lie", plant=lambda stage: stage.keys.lying(), settles=_COOLDOWN),
        Fault(name="pool keys rotate", plant=_now(lambda stage: stage.keys.rotate()), settles=_COOLDOWN),
    ]


def _mail() -> list[Fault]:
    return [
        Fault(name="mail server hangs", plant=lambda stage: stage.mails.hung(), settles=0),
        Fault(name="mail server refuses", plant=lambda stage: stage.mails.refusing(), settles=0),
    ]


def _together() -> list[Fault]:
    return [
        Fault(
            name="provider, keys, mail hang",
            plant=_all(lambda stage: (stage.provider.hung(), stage.keys.hung(), stage.mails.hung())),
            lasts=6,
            settles=None,
        ),
        Fault(
            name="provider, keys, mail fail",
            plant=_all(lambda stage: (stage.provider.failing(), stage.keys.failing(), stage.mails.refusing())),
            settles=None,
        ),
        Fault(
            name="provider, keys lie",
            plant=_all(lambda stage: (stage.provider.lying(), stage.keys.lying())),
            settles=_COOLDOWN,
        ),
        Fault(name="all keys rotate", plant=_now(_rotate), lasts=0, settles=_COOLDOWN),
    ]


def _cut_often(stage: Stage) -> None:
    """In the middle of as many transactions as possible."""
    for _ in range(12):
        with stage.database.cut():
            time.sleep(0.02)
        time.sleep(0.3)


def _rotate(stage: Stage) -> None:
    stage.provider.rotate()
    stage.keys.rotate()


def _now(act: Callable[[Stage], None]) -> Callable[[Stage], AbstractContextManager[None]]:
    """Done at once; there is nothing to bring back."""

    @contextmanager
    def planted(stage: Stage) -> Iterator[None]:
        act(stage)
        yield

    return planted


def _all(
    parts: Callable[[Stage], tuple[AbstractContextManager[None], ...]],
) -> Callable[[Stage], AbstractContextManager[None]]:
    @contextmanager
    def planted(stage: Stage) -> Iterator[None]:
        with ExitStack() as stack:
            for each in parts(stage):
                stack.enter_context(each)
            yield

    return planted
