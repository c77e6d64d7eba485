"""T8, T9: 200 threads with cold keys at a slow endpoint; 1000 tokens that name keys which do not exist."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from django.db import connections

from bench import key_peers
from bench.results import Row
from bench.stage import configure
from fairlead.idtokens import issuers, outbound
from fairlead.idtokens.errors import KeysUnavailable, TokenRefused
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import verify
from tests.issuer import KeyServer

_SLOW = 0.2  # seconds
_THREADS, _UNKNOWN, _ROUNDS = 200, 1000, 3


def measure() -> list[Row]:
    return [*_cold(), *_unknown()]


def check(server: KeyServer, raw_token: str) -> bool:
    """Verify with the keys of this server, as a pool does. Whether the token was accepted."""
    policy = Policy.for_pool(algorithms=["RS256"], issuer=server.issuer.url, audiences=["client-1"])
    keys = issuers.keys(server.jwks_uri, outbound=outbound.pools())
    try:
        verify(raw_token, policy=policy, keys=keys, now=time.time())
    except (TokenRefused, KeysUnavailable):
        return False
    return True


def _cold() -> list[Row]:
    fetches, failures, slowest = 0, 0, float("inf")
    peers: dict[str, float] = {}
    for number in range(_ROUNDS):
        with _slow_server() as server:
            issuers.start_again()
            good, last = _crowd(partial(check, server, server.issuer.token()))
            fetches, failures = max(fetches, server.count()), max(failures, _THREADS - good)
            slowest = min(slowest, last)
            if number == 0:
                for name, ask in key_peers.of(server.jwks_uri, server.issuer.token()).items():
                    server.asked.clear()
                    _crowd(ask)
                    peers[name] = server.count()
    return [
        Row(part="T8.fetches", measured=fetches, peers=peers),
        Row(part="T8.failures", measured=failures),
        Row(part="T8.slowest", measured=(slowest - _SLOW) * 1e3),
    ]


@contextmanager
def _slow_server() -> Iterator[KeyServer]:
    """A key endpoint that nobody has asked before, and that takes its time."""
    with KeyServer() as server:
        configure(POOL_PRIVATE_ORIGINS=(server.origin,))
        server.delay = _SLOW
        yield server


def _crowd(check: Callable[[], bool]) -> tuple[int, float]:
    """How many of the threads succeeded, and how long the last of them took from the common start."""
    start = threading.Barrier(_THREADS)

    def one(_: int) -> tuple[bool, float]:
        try:
            start.wait()
            began = time.perf_counter()
            return check(), time.perf_counter() - began
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_THREADS) as pool:
        ended = list(pool.map(one, range(_THREADS)))
    return sum(good for good, _ in ended), max(taken for _, taken in ended)


def _unknown() -> list[Row]:
    """A flood of unknown kids beside good tokens, compared with an equal flood of expired tokens: the interpreter is
    shared either way, and only the first could make anybody wait for the endpoint."""
    later = {"seconds": 0.0}
    issuers.start_again(clock=lambda: time.time() + later["seconds"])
    with _slow_server() as server:
        signer, claims, good = server.issuer.signer, server.issuer.claims(), server.issuer.token()
        check(server, good)
        unknown = [signer.token(claims, kid=f"unknown-{number}") for number in range(_UNKNOWN)]
        expired = [server.issuer.token(exp=1_000_000_000 + number) for number in range(_UNKNOWN)]
        quiet, flooded, fetches = float("inf"), float("inf"), 0
        for _ in range(_ROUNDS):
            quiet = min(quiet, _beside(server, good, expired))
            later["seconds"] += 11  # the cooldown of the last fetch is over, so one more is allowed
            server.asked.clear()
            flooded = min(flooded, _beside(server, good, unknown))
            fetches = max(fetches, server.count())
    return [
        Row(part="T9.fetches", measured=fetches),
        Row(part="T9.p99", measured=(flooded - quiet) * 1e3),
    ]


def _beside(server: KeyServer, good: str, flood: list[str]) -> float:
    """The 99th percentile of the good token's time, in seconds, while another thread sends the flood.

    A good token is due every millisecond, and its time counts from then: one that hangs delays all that are due
    behind it, as it would in a queue of requests, instead of being a single slow one among a thousand.
    """

    def send() -> None:
        try:
            for raw_token in flood:
                check(server, raw_token)
                time.sleep(0.0003)
        finally:
            connections.close_all()

    other = threading.Thread(target=send)
    other.start()
    taken: list[float] = []
    due = time.perf_counter()
    while other.is_alive():
        time.sleep(max(0.0, due - time.perf_counter()))
        check(server, good)
        taken.append(time.perf_counter() - due)
        due += 0.001
    other.join()
    return sorted(taken)[int(len(taken) * 0.99)]
