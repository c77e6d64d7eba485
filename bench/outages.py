"""T10, T11: the key endpoint fails or hangs while its keys are known; an issuer's keys rotate.

The cache's clock is moved, so that minutes pass at once; what a caller waits is counted in real time.
"""

import time
from contextlib import suppress

from bench.crowds import check
from bench.results import Row
from bench.stage import configure
from fairlead.idtokens import background, issuers
from tests.issuer import KeyServer, Signer

_TOKENS = 500
_STALE = 301.0  # seconds after a fetch: the keys are due for another
_STEP = 0.5


class _Clock:
    def __init__(self) -> None:
        self.moved = 0.0

    def __call__(self) -> float:
        return time.time() + self.moved


def measure() -> list[Row]:
    failed, attempts = _down()
    failed_hanging, slowest = _hanging()
    return [
        Row(part="T10.failed", measured=failed),
        Row(part="T10.failed.hanging", measured=failed_hanging),
        Row(part="T10.failed.restart", measured=_down_at_restart()),
        Row(part="T10.waiting", measured=slowest * 1e3),
        Row(part="T10.attempts", measured=attempts),
        Row(part="T11.new", measured=_new_key()),
        Row(part="T11.removed", measured=_removed_key()),
    ]


def _known(server: KeyServer, clock: _Clock) -> str:
    """A good token whose key this process knows."""
    configure(POOL_PRIVATE_ORIGINS=(server.origin,))
    issuers.start_again(clock=clock)
    good = server.issuer.token()
    if not check(server, good):
        raise RuntimeError("the good token was refused")
    server.asked.clear()
    return good


def _burst(server: KeyServer, raw_token: str) -> tuple[int, float]:
    """How many of the tokens failed, and how long the slowest took, in seconds."""
    failed, slowest = 0, 0.0
    for _ in range(_TOKENS):
        began = time.perf_counter()
        failed += not check(server, raw_token)
        slowest = max(slowest, time.perf_counter() - began)
    return failed, slowest


def _down() -> tuple[int, int]:
    """Over three cooldowns: tokens that failed, and the most attempts in one of them."""
    clock = _Clock()
    with KeyServer() as server:
        good = _known(server, clock)
        server.status = 503
        clock.moved += _STALE
        failed, attempts = 0, 0
        for _ in range(3):
            server.asked.clear()
            failed += _burst(server, good)[0]
            time.sleep(0.2)  # an attempt runs behind the tokens
            attempts = max(attempts, server.count())
            clock.moved += 11
    return failed, attempts


def _hanging() -> tuple[int, float]:
    clock = _Clock()
    with KeyServer() as server:
        good = _known(server, clock)
        server.hold()
        clock.moved += _STALE
        found = _burst(server, good)
        server.released.set()
        time.sleep(0.2)
    return found


def _down_at_restart() -> int:
    clock = _Clock()
    with KeyServer() as server:
        good = _known(server, clock)
        server.status = 503
        clock.moved += _STALE
        issuers.start_again(clock=clock)
        return _burst(server, good)[0]


def _new_key() -> float:
    """Seconds after which a key counts that the issuer began to use right behind our last fetch: the worst moment."""
    clock = _Clock()
    with KeyServer() as server:
        _known(server, clock)
        server.issuer.signers.insert(0, Signer(kid="key-2", name="second"))
        began = clock.moved
        with suppress(StopIteration):
            while not check(server, server.issuer.token()):
                clock.moved += _STEP
                if clock.moved - began > 60:
                    raise StopIteration
        return clock.moved - began


def _removed_key() -> float:
    """Seconds for which a key that the issuer took away is still believed, while the endpoint answers."""
    clock = _Clock()
    with KeyServer() as server:
        good = _known(server, clock)
        issuers.start_again(run=background.inline, clock=clock)
        check(server, good)
        server.issuer.signers[:] = [Signer(kid="key-2", name="second")]
        began = clock.moved
        while check(server, good) and clock.moved - began < 3600:
            clock.moved += 5
        return clock.moved - began
