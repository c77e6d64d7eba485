import pytest

from fairlead import memory
from fairlead.idtokens import keys
from fairlead.idtokens.errors import RefusalCode, TokenRefused
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import verify
from tests.attacks import Issuer
from userpools import verified_tokens

NOW = 1_800_000_000.0
ISSUER = Issuer()
KEYS = keys.parse(ISSUER.jwks())
POLICY = Policy.for_pool(algorithms=["RS256"], issuer=None, audiences=None)


class Door:
    """Counts the real verifications."""

    def __init__(self):
        self.verifications = 0

    def open(self, raw, *, now=NOW, namespace="pool-1", during=None):
        def once():
            self.verifications += 1
            if during:
                during()
            return verify(raw, policy=POLICY, keys=KEYS, now=now)

        return verified_tokens.once(raw, namespace=namespace, now=now, verify=once)


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
    assert door.verifications == 2


def test_what_is_forgotten_while_it_is_being_verified_does_not_stay(door):
    raw = token()
    door.open(raw, during=memory.forget_everything)
    door.open(raw)
    assert door.verifications == 2


def test_the_raw_token_is_not_kept(door):
    raw = token()
    door.open(raw)
    assert raw not in repr(vars(verified_tokens._verified))
    assert raw.encode() not in b"".join(verified_tokens._verified._entries)
