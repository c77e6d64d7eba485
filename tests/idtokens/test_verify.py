"""The verifier against the shared attack table, and beside each attack the clean case."""

import copy
import pickle
import time

import pytest

from fairlead.idtokens import compact, keys
from fairlead.idtokens.errors import KeysUnavailable, RefusalCode, TokenRefused
from fairlead.idtokens.policy import ACCESS_TOKEN_TYPES, Policy
from fairlead.idtokens.trace import Outcome, StepName, Trace
from fairlead.idtokens.verified import VerifiedToken
from fairlead.idtokens.verify import verify
from tests import attacks
from tests.attacks import Issuer, Signer
from tests.house import ROOT, sources

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
ISSUER = Issuer("https://issuer.example", Signer("RS256"))
KEYS = keys.parse(ISSUER.jwks())
LOGIN = Policy.for_login(
    issuer=ISSUER.url, client_id="client-1", nonce="nonce-1", algorithms=["RS256"], access_token="access-1"
)
POOL = Policy.for_pool(algorithms=["RS256"], issuer=ISSUER.url, audiences=["client-1"])
NOW = 1_800_000_000.0


class NoKeys:
    """Keys that must not be asked for, because a cheaper check comes first."""

    def find(self, algorithm, kid):
        raise AssertionError("a key was looked up")

    def refresh_after_failure(self, algorithm, kid, failed):
        raise AssertionError("a key was looked up")

    def describe(self):
        return "nothing"


def good(**members):
    return ISSUER.claims(now=NOW, **({"nonce": "nonce-1"} | members))


def refusal(raw, policy, *, keyset=KEYS, now=NOW, trace=None):
    with pytest.raises(TokenRefused) as refused:
        verify(raw, policy=policy, keys=keyset, now=now, trace=trace)
    return refused.value


@pytest.mark.parametrize("policy", [LOGIN, POOL], ids=["login", "pool"])
@pytest.mark.parametrize("attack", attacks.ANY_DOOR, ids=str)
def test_every_attack_is_refused_with_its_code_and_explained_alike(attack, policy):
    raw = attack.make(ISSUER.signer, good())
    refused = refusal(raw, policy)
    assert refused.code in attack.codes
    trace = Trace()
    assert refusal(raw, policy, trace=trace).code == refused.code
    assert trace.refusal is not None
    assert {step.name for step in trace.steps} == set(StepName)


@pytest.mark.parametrize("attack", attacks.LOGIN, ids=str)
def test_every_attack_on_a_login_is_refused_with_its_code(attack):
    assert refusal(attack.make(ISSUER.signer, good()), LOGIN).code in attack.codes


@pytest.mark.parametrize("attack", [*attacks.FORM, *attacks.ALGORITHM, *attacks.CLAIMS], ids=str)
def test_cheap_faults_are_found_without_looking_up_a_key(attack):
    refusal(attack.make(ISSUER.signer, good()), LOGIN, keyset=NoKeys())


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_good_token_of_each_algorithm_is_believed(algorithm):
    signer = Signer(algorithm)
    policy = Policy.for_pool(algorithms=[algorithm], issuer=None, audiences=None)
    token = verify(signer.token(good()), policy=policy, keys=keys.parse({"keys": [signer.jwk()]}), now=NOW)
    assert (token.algorithm, token.kid, token.subject, token.issuer) == (algorithm, "key-1", "person-1", ISSUER.url)
    assert token.expires_at == NOW + 600


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("attack", attacks.KEY, ids=str)
def test_attacks_on_the_signature_fail_for_every_algorithm(attack, algorithm):
    signer = Signer(algorithm)
    policy = Policy.for_pool(algorithms=[algorithm], issuer=None, audiences=None)
    keyset = keys.parse({"keys": [signer.jwk()]})
    assert refusal(attack.make(signer, good()), policy, keyset=keyset).code in attack.codes


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"aud": ["client-1"]},
        {"aud": ["client-1", "other"], "azp": "client-1"},
        {"azp": "client-1"},
        {"nbf": NOW + 59},
        {"iat": NOW + 59},
        {"exp": NOW - 59},
        {"exp": NOW + 0.5},
        {"sub": "s" * 255},
        {"sub": "bücher|1"},
        {"at_hash": "5zUM_KNAATAvZcNEqPWgIQ"},
        {"jti": "1", "email": "a@example.org", "x": {"y": [1, None, 2.5]}},
    ],
    ids=repr,
)
def test_the_clean_cases_beside_the_attacks_succeed(claims):
    at_hash = {"at_hash": _at_hash("access-1")} if "at_hash" in claims else {}
    raw = ISSUER.signer.token(good(**(claims | at_hash)))
    assert verify(raw, policy=LOGIN, keys=KEYS, now=NOW).claims["sub"]


def _at_hash(access_token):
    import hashlib

    from tests.issuer import b64

    return b64(hashlib.sha256(access_token.encode()).digest()[:16])


@pytest.mark.parametrize("typ", [None, "JWT", "jwt", "application/jwt"])
def test_the_types_of_an_id_token_are_accepted(typ):
    assert verify(ISSUER.signer.token(good(), typ=typ), policy=LOGIN, keys=KEYS, now=NOW)


def test_an_access_token_is_accepted_only_where_the_policy_names_its_type():
    policy = Policy(algorithms=frozenset({"RS256"}), issuer=ISSUER.url, audiences=None, types=ACCESS_TOKEN_TYPES)
    assert verify(ISSUER.signer.token(good(), typ="at+jwt"), policy=policy, keys=KEYS, now=NOW)


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": NOW - 60}, "expired"),
        ({"exp": NOW - 59.5}, "expired"),
        ({"nbf": NOW + 60.5}, "not_yet_valid"),
        ({"iat": NOW + 61}, "not_yet_valid"),
    ],
)
def test_leeway_ends_at_sixty_seconds(claims, code):
    assert refusal(ISSUER.signer.token(good(**claims)), LOGIN).code == code


def test_without_leeway_a_token_is_expired_at_its_expiry():
    policy = Policy.for_pool(algorithms=["RS256"], issuer=None, audiences=None, leeway=0)
    raw = ISSUER.signer.token(good())
    assert verify(raw, policy=policy, keys=KEYS, now=NOW + 599.9)
    assert refusal(raw, policy, now=NOW + 600).code == "expired"


def test_a_token_that_lives_too_long_is_refused_where_a_limit_is_set():
    policy = Policy(algorithms=frozenset({"RS256"}), issuer=None, audiences=None, max_lifetime=300)
    assert refusal(ISSUER.signer.token(good()), policy).code == "expired"


def test_a_pool_compares_only_what_it_names():
    policy = Policy.for_pool(algorithms=["RS256"], issuer=None, audiences=None)
    raw = ISSUER.signer.token(
        good(iss="https://any.example", aud=None, iat=None, sub=7, nonce="x", at_hash="x", azp="x")
    )
    assert verify(raw, policy=policy, keys=KEYS, now=NOW).subject is None


@pytest.mark.parametrize(
    "claims", [{"azp": "other"}, {"aud": ["client-1"], "azp": "other"}, {"aud": ["client-1", "b"]}]
)
def test_a_pool_looks_at_azp_only_where_aud_has_several_members(claims):
    assert verify(ISSUER.signer.token(good(**claims)), policy=POOL, keys=KEYS, now=NOW)


def test_a_missing_at_hash_is_refused_where_it_is_required():
    policy = Policy.for_login(
        issuer=ISSUER.url,
        client_id="client-1",
        nonce=None,
        algorithms=["RS256"],
        access_token="a",
        require_at_hash=True,
    )
    assert refusal(ISSUER.signer.token(good()), policy).code == "missing_claim"


def test_our_other_clients_may_be_audience_and_party():
    policy = Policy.for_login(
        issuer=ISSUER.url, client_id="web", nonce=None, algorithms=["RS256"], other_clients=["client-1"]
    )
    assert verify(ISSUER.signer.token(good(azp="client-1")), policy=policy, keys=KEYS, now=NOW)


@pytest.mark.parametrize(
    "options",
    [
        {"algorithms": frozenset()},
        {"algorithms": frozenset({"HS256"})},
        {"algorithms": frozenset({"none"})},
        {"issuer": ""},
        {"audiences": frozenset()},
        {"nonce": ""},
        {"access_token": ""},
        {"required": frozenset()},
        {"issuer": None, "required": frozenset({"exp", "iss"})},
    ],
    # A set's order differs between processes, and xdist wants the same names in all of them.
    ids=lambda options: ", ".join(
        f"{name}: {sorted(value) if isinstance(value, frozenset) else value}" for name, value in options.items()
    ),
)
def test_a_policy_that_would_check_nothing_by_mistake_cannot_be_made(options):
    usual = {"algorithms": frozenset({"RS256"}), "issuer": "i", "audiences": frozenset({"a"})}
    with pytest.raises(ValueError):
        Policy(**(usual | options))


def test_an_algorithm_that_is_supported_but_not_allowed_here_is_refused_without_a_key():
    signer = Signer("ES256")
    assert refusal(signer.token(good()), LOGIN, keyset=NoKeys()).code == "algorithm_not_allowed"


def test_a_replaced_key_under_the_same_kid_is_found():
    new = Signer("RS256", name="new")

    class Rotated:
        find = KEYS.find
        describe = KEYS.describe

        def refresh_after_failure(self, algorithm, kid, failed):
            return keys.parse({"keys": [new.jwk()]}).find(algorithm, kid)

    assert verify(new.token(good()), policy=LOGIN, keys=Rotated(), now=NOW)
    assert refusal(Signer("RS256", name="other").token(good()), LOGIN, keyset=Rotated()).code == "bad_signature"


def test_unavailable_keys_are_not_the_tokens_fault():
    class Down(NoKeys):
        def find(self, algorithm, kid):
            raise KeysUnavailable("The key endpoint does not answer.", retry_after=7)

    trace = Trace()
    with pytest.raises(KeysUnavailable):
        verify(ISSUER.signer.token(good()), policy=LOGIN, keys=Down(), now=NOW)
    with pytest.raises(KeysUnavailable):
        verify(ISSUER.signer.token(good()), policy=LOGIN, keys=Down(), now=NOW, trace=trace)
    assert [step.code for step in trace.steps if step.outcome is Outcome.FAILED] == ["keys_unavailable"]
    expired = ISSUER.signer.token(good(exp=1))
    assert refusal(expired, LOGIN, keyset=Down(), trace=Trace()).code == "expired"


def test_a_trace_of_a_good_token_tells_every_step_in_order():
    trace = Trace()
    token = verify(ISSUER.signer.token(good()), policy=LOGIN, keys=KEYS, now=NOW, trace=trace)
    assert token.subject == "person-1"
    assert [step.name for step in trace.steps] == list(StepName)
    assert {step.outcome for step in trace.steps} == {Outcome.OK}
    assert "exp is 600 s ahead" in next(step.text for step in trace.steps if step.name is StepName.TIMES)


def test_a_trace_reports_every_fault_and_what_would_make_it_pass():
    trace = Trace()
    raw = Signer("RS256", name="stranger").token(good(iss="https://evil.example", aud="b", exp=NOW - 100))
    assert refusal(raw, LOGIN, trace=trace).code == "wrong_issuer"
    failed = [step for step in trace.steps if step.outcome is Outcome.FAILED]
    assert [step.code for step in failed] == ["wrong_issuer", "wrong_audience", "expired", "bad_signature"]
    assert all(step.remedy for step in failed)


def test_only_the_verifier_makes_verified_tokens():
    token = verify(ISSUER.signer.token(good()), policy=LOGIN, keys=KEYS, now=NOW)
    with pytest.raises(TypeError):
        VerifiedToken(object(), algorithm="RS256", kid=None, typ=None, claims={"exp": 1})
    for forge in (lambda: copy.copy(token), lambda: copy.deepcopy(token), lambda: pickle.dumps(token)):
        with pytest.raises(TypeError):
            forge()
    for name in ("subject", "claims", "other"):
        with pytest.raises(AttributeError):
            setattr(token, name, "admin")
    with pytest.raises(TypeError):
        token.claims["sub"] = "admin"
    users = [path.relative_to(ROOT).as_posix() for path in sources() if "SEAL" in path.read_text()]
    assert sorted(users) == ["fairlead/idtokens/verified.py", "fairlead/idtokens/verify.py"]


def test_a_token_taken_apart_before_is_judged_alike():
    raw = ISSUER.signer.token(good())
    assert verify(compact.parse(raw), policy=LOGIN, keys=KEYS, now=NOW).subject == "person-1"


def test_refusals_do_not_quote_the_token():
    raw = ISSUER.signer.token(good(iss="https://evil.example", secret="do-not-log"))
    text = str(refusal(raw, LOGIN))
    assert "evil" not in text
    assert raw.split(".")[2] not in text


def test_the_codes_are_those_of_the_contract():
    assert len(RefusalCode) == 16


def test_a_float_clock_is_the_only_clock():
    assert verify(ISSUER.signer.token(ISSUER.claims(nonce="nonce-1")), policy=LOGIN, keys=KEYS, now=time.time())


def test_without_leeway_a_token_may_come_from_a_clock_of_ours_that_is_ten_seconds_ahead_and_no_more():
    policy = Policy.for_pool(algorithms=["RS256"], issuer=None, audiences=None, leeway=0)
    assert verify(ISSUER.signer.token(good(iat=NOW + 10)), policy=policy, keys=KEYS, now=NOW)
    assert refusal(ISSUER.signer.token(good(iat=NOW + 10.5)), policy).code == "not_yet_valid"
    assert refusal(ISSUER.signer.token(good(nbf=NOW + 1)), policy).code == "not_yet_valid"
