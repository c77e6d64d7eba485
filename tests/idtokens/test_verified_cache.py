import pytest

from fairlead.idtokens import keys
from fairlead.idtokens.errors import RefusalCode, TokenRefused
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verified_cache import VerifiedCache
from fairlead.idtokens.verify import verify
from tests.attacks import Issuer

NOW = 1_800_000_000.0
ISSUER = Issuer()
KEYS = keys.parse(ISSUER.jwks())
POLICY = Policy.for_pool(algorithms=["RS256"], issuer=None, audiences=None)


class Door:
    """A cache with a count of real verifications."""

    def __init__(self, **options):
        self.cache = VerifiedCache(**options)
        self.verifications = 0

    def open(self, raw, *, now=NOW, namespace="pool-1", during=None):
        def once():
            self.verifications += 1
            if during:
                during()
            return verify(raw, policy=POLICY, keys=KEYS, now=now)

        return self.cache.verified(raw, namespace=namespace, now=now, verify=once)


@pytest.fixture
def door():
    return Door()


def token(**members):
    return ISSUER.signer.token(ISSUER.claims(now=NOW, **members))


def test_the_same_token_is_verified_once(door):
    raw = token()
    assert door.open(raw) is door.open(raw, now=NOW + 29)
    assert door.verifications == 1


def test_a_token_is_verified_again_after_thirty_seconds(door):
    raw = token()
    door.open(raw)
    door.open(raw, now=NOW + 30)
    assert door.verifications == 2


def test_a_token_that_expires_meanwhile_is_refused_at_its_expiry(door):
    policy_leeway = POLICY.leeway
    raw = token(exp=NOW + 10)
    door.open(raw)
    door.open(raw, now=NOW + 9)
    assert door.verifications == 1
    door.open(raw, now=NOW + 10)
    assert door.verifications == 2
    with pytest.raises(TokenRefused):
        door.open(raw, now=NOW + 10 + policy_leeway)


def test_a_clock_that_goes_back_does_not_make_a_future_token_good(door):
    raw = token(nbf=NOW)
    door.open(raw)
    with pytest.raises(TokenRefused) as refused:
        door.open(raw, now=NOW - 120)
    assert refused.value.code is RefusalCode.NOT_YET_VALID


def test_a_token_of_one_namespace_counts_in_no_other(door):
    raw = token()
    door.open(raw)
    door.open(raw, namespace="pool-2")
    assert door.verifications == 2


def test_a_refusal_is_not_remembered(door):
    raw = token(exp=NOW - 100)
    for _ in range(2):
        with pytest.raises(TokenRefused):
            door.open(raw)
    assert (door.verifications, len(door.cache)) == (2, 0)


def test_dropping_a_namespace_forgets_it_alone(door):
    raw = token()
    door.open(raw)
    door.open(raw, namespace="pool-2")
    door.cache.drop("pool-1")
    door.open(raw)
    door.open(raw, namespace="pool-2")
    assert door.verifications == 3


def test_what_is_dropped_while_it_is_being_verified_does_not_stay(door):
    raw = token()
    door.open(raw, during=lambda: door.cache.drop("pool-1"))
    door.open(raw)
    assert door.verifications == 2


def test_the_cache_is_bounded_and_drops_the_oldest():
    door = Door(max_entries=3)
    raws = [token(sub=f"person-{number}") for number in range(5)]
    for raw in raws:
        door.open(raw)
    assert len(door.cache) == 3
    door.open(raws[4])
    assert door.verifications == 5
    door.open(raws[0])
    assert door.verifications == 6


def test_the_raw_token_is_not_kept(door):
    raw = token()
    door.open(raw)
    assert raw not in repr(vars(door.cache))
    assert raw.encode() not in b"".join(door.cache._entries)
