"""PyJWT is the oracle: whatever it refuses, ours refuses."""

import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlead.idtokens import keys
from fairlead.idtokens.errors import TokenRefused
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import verify
from tests.attacks import ANY_DOOR, Issuer, Signer
from tests.fuzzing import examples
from tests.issuer import b64

NOW = 1_800_000_000
SIGNER = Signer("ES256")
ISSUER = Issuer("https://issuer.example", SIGNER)
KEYS = keys.parse(ISSUER.jwks())
POOL = Policy.for_pool(algorithms=["ES256"], issuer=ISSUER.url, audiences=["client-1"])
LOGIN = Policy.for_login(algorithms=["ES256"], issuer=ISSUER.url, client_id="client-1", nonce=None)
DOORS = pytest.mark.parametrize("policy", [POOL, LOGIN], ids=["pool", "login"])
ODD = st.sampled_from(
    [None, True, False, 0, -1, 1, NOW, NOW + 100.5, NOW - 61, NOW + 61, 10**30, "", "1", "x", [], ["client-1"], {}]
)
NAMES = st.sampled_from(["exp", "nbf", "iat", "iss", "aud", "sub", "jti", "azp", "typ"])
HEADER_NAMES = st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "cty"])


def pyjwt_accepts(raw: str, policy: Policy = POOL) -> bool:
    """PyJWT under the same options."""
    try:
        jwt.decode(
            raw,
            SIGNER.key.public_key(),
            algorithms=["ES256"],
            audience="client-1",
            issuer=ISSUER.url,
            leeway=60,
            # An id claim of a pool may be a number: such a one is checked where the id is read.
            options={"require": sorted(policy.required), "verify_sub": "sub" in policy.required},
        )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        return False
    return True


def ours_accepts(raw: str, policy: Policy = POOL) -> bool:
    try:
        verify(raw, policy=policy, keys=KEYS, now=NOW)
    except TokenRefused:
        return False
    return True


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@DOORS
def test_both_accept_the_good_token(policy):
    raw = SIGNER.token(ISSUER.claims(now=NOW))
    assert pyjwt_accepts(raw, policy)
    assert ours_accepts(raw, policy)


# Each of these is a reason why the verifier is not PyJWT. Where one fails, PyJWT has become stricter: say so there.
LAXER = {
    "a time that is true": lambda good: SIGNER.token(good | {"iat": True}),
    "a time that is text": lambda good: SIGNER.token(good | {"iat": str(NOW - 5)}),
    "a member that stands there twice": lambda good: SIGNER.sign(
        {"alg": "ES256", "kid": "key-1"}, json.dumps(good).replace("{", '{"sub": "somebody-else", ', 1).encode()
    ),
    "a token issued to another party": lambda good: SIGNER.token(good | {"aud": ["client-1", "x"], "azp": "x"}),
    "a token that tells of an event": lambda good: SIGNER.token(good | {"events": {}}),
    "the type of an access token": lambda good: SIGNER.sign({"alg": "ES256", "kid": "key-1", "typ": "at+jwt"}, good),
}


@DOORS
@pytest.mark.parametrize("make", LAXER.values(), ids=LAXER.keys())
def test_what_pyjwt_takes_and_ours_refuses(make, policy):
    raw = make(ISSUER.claims(now=NOW))
    assert pyjwt_accepts(raw, policy)
    assert not ours_accepts(raw, policy)


@pytest.mark.parametrize("attack", ANY_DOOR, ids=str)
def test_ours_refuses_the_attacks_whatever_the_oracle_says(attack):
    assert not ours_accepts(attack.make(SIGNER, ISSUER.claims(now=NOW)))


@DOORS
@pytest.mark.fuzzed
@examples(400)
@given(
    changes=st.dictionaries(NAMES, ODD, max_size=3),
    drop=st.sets(NAMES, max_size=2),
    header=st.dictionaries(HEADER_NAMES, ODD, max_size=1),
)
def test_what_pyjwt_refuses_in_claims_and_headers_ours_refuses(policy, changes, drop, header):
    claims = {name: value for name, value in (ISSUER.claims(now=NOW) | changes).items() if name not in drop}
    raw = SIGNER.sign({"alg": "ES256", "kid": "key-1", "typ": "JWT"} | header, claims)
    assert pyjwt_accepts(raw, policy) or not ours_accepts(raw, policy)


@pytest.mark.fuzzed
@examples(400)
@given(
    position=st.integers(0, 400),
    replacement=st.text(st.sampled_from("AZaz09-_.=+/ \n\x00é{"), max_size=3),
    removed=st.integers(0, 3),
)
def test_what_pyjwt_refuses_in_the_text_ours_refuses(position, replacement, removed):
    raw = SIGNER.token(ISSUER.claims(now=NOW))
    position %= len(raw)
    changed = raw[:position] + replacement + raw[position + removed :]
    assert pyjwt_accepts(changed) or not ours_accepts(changed)
    # And stricter: no change of the text at all is taken, since each token has one spelling only.
    assert changed == raw or not ours_accepts(changed)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.fuzzed
@examples(200)
@given(header=JSON, claims=JSON)
def test_any_json_at_all_is_refused_cleanly(header, claims):
    assert not ours_accepts(SIGNER.sign(json.dumps(header).encode(), json.dumps(claims).encode()))


@pytest.mark.fuzzed
@examples(200)
@given(parts=st.lists(st.binary(max_size=60), max_size=6))
def test_any_bytes_at_all_are_refused_cleanly(parts):
    assert not ours_accepts(".".join(b64(part) for part in parts))


@pytest.mark.fuzzed
@examples(200)
@given(text=st.text(max_size=300))
def test_any_text_at_all_is_refused_cleanly(text):
    assert not ours_accepts(text)
