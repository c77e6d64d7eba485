"""The cache of key sets as a server uses it: many threads, refreshes behind their backs, a server database. Counts, not timings."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from fairlead.idtokens import issuers, outbound
from fairlead.idtokens.errors import KeysUnavailable, TokenRefused
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import verify
from tests.attacks import KeyServer, Signer
from tests.configure import configure

pytestmark = [
    pytest.mark.django_db(transaction=True),
]


class Clock:
    offset = 0.0

    def __call__(self):
        return time.time() + self.offset


@pytest.fixture
def clock():
    clock = Clock()
    issuers.start_again(clock=clock)
    return clock


@pytest.fixture
def server(settings):
    with KeyServer() as server:
        configure(settings, POOL_PRIVATE_ORIGINS=(server.origin,))
        yield server


def check(server, raw, clock):
    policy = Policy.for_pool(algorithms=["RS256"], issuer=server.issuer.url, audiences=["client-1"])
    try:
        keys = issuers.keys(server.jwks_uri, outbound=outbound.pools())
        return verify(raw, policy=policy, keys=keys, now=clock()).kid
    except TokenRefused as refusal:
        return str(refusal.code)
    finally:
        connections.close_all()


def until(condition):
    ends = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_two_hundred_threads_with_cold_keys_cause_one_fetch(server, clock):
    """More than may wait for it are told to come again."""
    server.delay = 0.2
    raw = server.issuer.token()
    with ThreadPoolExecutor(200) as threads:
        outcomes = [threads.submit(check, server, raw, clock) for _ in range(200)]
        failures = [outcome.exception() for outcome in outcomes]
    assert failures.count(None) >= 1
    assert {type(each) for each in failures} <= {type(None), KeysUnavailable}
    assert check(server, raw, clock) == "key-1"
    assert server.count() == 1


def test_a_flood_of_unknown_kids_at_a_hanging_endpoint_holds_up_no_good_token(server, clock):
    good = server.issuer.token()
    check(server, good, clock)
    server.hold()
    clock.offset += 10
    stranger = Signer("RS256", name="stranger")
    flood = [stranger.token(server.issuer.claims(), kid=f"kid-{number}") for number in range(200)]
    with ThreadPoolExecutor(50) as threads:
        refused = [threads.submit(check, server, raw, clock) for raw in flood]
        until(lambda: server.count() == 2)
        assert [check(server, good, clock) for _ in range(50)] == ["key-1"] * 50
        assert {outcome.result() for outcome in refused} == {"unknown_key"}
    assert server.count() == 2


def test_a_stale_set_is_served_while_the_endpoint_hangs_and_the_refresh_arrives_later(server, clock):
    raw = server.issuer.token(exp=int(time.time()) + 3600)
    check(server, raw, clock)
    server.hold()
    clock.offset += 301
    assert [check(server, raw, clock) for _ in range(20)] == ["key-1"] * 20
    until(lambda: server.count() == 2)
    server.issuer.signers = [Signer("RS256", kid="key-2", name="second")]
    server.released.set()
    until(lambda: check(server, raw, clock) == "unknown_key")
    assert server.count() == 2
