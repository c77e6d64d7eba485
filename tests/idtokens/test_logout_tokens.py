"""Logout tokens as real issuers send them, and what must end nobody's session."""

from collections.abc import Callable
from typing import Any

import pytest

from fairlead.idtokens import keys, logout_tokens
from fairlead.idtokens.errors import KeysUnavailable, RefusalCode, TokenRefused
from fairlead.idtokens.logout_tokens import EVENT, LogoutToken
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import verify
from tests import attacks
from tests.attacks import Attack, Issuer, Signer

ISSUER = Issuer("https://issuer.example", Signer("RS256"))
KEYS = keys.parse(ISSUER.jwks())
POLICY = logout_tokens.policy(issuer=ISSUER.url, client_id="client-1", algorithms=["RS256"])
NOW = 1_800_000_000.0
LEFT_OUT = object()


def good(**members: Any) -> dict[str, Any]:
    claims = ISSUER.claims(now=int(NOW), jti="logout-1", sid="session-1", events={EVENT: {}}) | members
    return {name: value for name, value in claims.items() if value is not LEFT_OUT}


def token(header: dict[str, Any] | None = None, **members: Any) -> str:
    return ISSUER.signer.token(good(**members), **({"typ": "logout+jwt"} | (header or {})))


def verified(raw: str, *, policy: Policy = POLICY) -> LogoutToken:
    return logout_tokens.verify(raw, policy=policy, keys=KEYS, now=NOW)


def refusal(raw: str) -> TokenRefused:
    with pytest.raises(TokenRefused) as refused:
        verified(raw)
    return refused.value


GOOD: dict[str, tuple[str, tuple[str | None, str | None]]] = {
    "oidc-provider": (token(exp=int(NOW) + 120), ("person-1", "session-1")),
    "oidc-provider without session_required": (token(sid=LEFT_OUT), ("person-1", None)),
    "sid alone": (token(sub=LEFT_OUT), (None, "session-1")),
    "Keycloak": (
        token(
            {"typ": "logout+jwt"},
            typ="Logout",
            events={EVENT: {}, "revoke_offline_access": True},
            sid="2b1f1a5e-6f0b-4f0d-93f0-0d4b4f6b7a11",
        ),
        ("person-1", "2b1f1a5e-6f0b-4f0d-93f0-0d4b4f6b7a11"),
    ),
    "Keycloak up to 25": (token({"typ": "JWT"}, typ="Logout"), ("person-1", "session-1")),
    "Auth0": (
        token({"typ": "JWT"}, sub="auth0|602c0dcab993d10073daf680", sid="375UXe1s", trace_id="a5a2"),
        ("auth0|602c0dcab993d10073daf680", "375UXe1s"),
    ),
    "without typ": (token({"typ": None}), ("person-1", "session-1")),
    "media type": (token({"typ": "application/logout+jwt"}), ("person-1", "session-1")),
    "audience a list": (token(aud=["client-1"]), ("person-1", "session-1")),
    "several events": (token(events={"urn:x": "y", EVENT: {"more": [1]}}), ("person-1", "session-1")),
    "nine minutes old": (token(iat=int(NOW) - 540), ("person-1", "session-1")),
    "a clock a little ahead": (token(iat=int(NOW) + 30), ("person-1", "session-1")),
    "longest identifiers": (token(sid="s" * 255, jti="j" * 255), ("person-1", "s" * 255)),
    "letters beyond ASCII": (token(sid="séance-1"), ("person-1", "séance-1")),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_logout_token_as_issuers_send_it_is_believed(name: str) -> None:
    raw, (subject, sid) = GOOD[name]
    believed = verified(raw)
    assert (believed.issuer, believed.subject, believed.sid) == (ISSUER.url, subject, sid)


def test_what_a_logout_token_says() -> None:
    assert verified(token()) == LogoutToken(
        issuer=ISSUER.url, subject="person-1", sid="session-1", jti="logout-1", issued_at=NOW
    )


def test_our_other_clients_are_ours_too() -> None:
    policy = logout_tokens.policy(
        issuer=ISSUER.url, client_id="client-1", algorithms=["RS256"], other_clients=["mobile-1"]
    )
    assert verified(token(aud="mobile-1"), policy=policy).jti == "logout-1"
    assert refusal(token(aud="mobile-1")).code is RefusalCode.WRONG_AUDIENCE


MISSING, WRONG_TYPE, MALFORMED = RefusalCode.MISSING_CLAIM, RefusalCode.WRONG_TYPE, RefusalCode.MALFORMED
BAD: dict[str, tuple[Callable[[], str], RefusalCode]] = {
    "an ID token": (lambda: token({"typ": "JWT"}, events=LEFT_OUT, nonce="n"), WRONG_TYPE),
    "an ID token without nonce": (lambda: token({"typ": "JWT"}, events=LEFT_OUT), WRONG_TYPE),
    "an access token": (lambda: token({"typ": "at+jwt"}), WRONG_TYPE),
    "a security event": (lambda: token({"typ": "secevent+jwt"}), WRONG_TYPE),
    "events missing under the right typ": (lambda: token(events=LEFT_OUT), WRONG_TYPE),
    "events null": (lambda: token(events=None), WRONG_TYPE),
    "events empty": (lambda: token(events={}), WRONG_TYPE),
    "events a list": (lambda: token(events=[EVENT]), WRONG_TYPE),
    "events text": (lambda: token(events=EVENT), WRONG_TYPE),
    "events true": (lambda: token(events=True), WRONG_TYPE),
    "another event": (lambda: token(events={"urn:x": {}}), WRONG_TYPE),
    "the event over https": (lambda: token(events={EVENT.replace("http:", "https:"): {}}), WRONG_TYPE),
    "the event with a slash more": (lambda: token(events={EVENT + "/": {}}), WRONG_TYPE),
    "the event in capitals": (lambda: token(events={EVENT.upper(): {}}), WRONG_TYPE),
    "the event null": (lambda: token(events={EVENT: None}), WRONG_TYPE),
    "the event true": (lambda: token(events={EVENT: True}), WRONG_TYPE),
    "the event a list": (lambda: token(events={EVENT: []}), WRONG_TYPE),
    "the event text": (lambda: token(events={EVENT: "{}"}), WRONG_TYPE),
    "a nonce": (lambda: token(nonce="nonce-1"), WRONG_TYPE),
    "a nonce that is null": (lambda: token(nonce=None), WRONG_TYPE),
    "a nonce that is empty": (lambda: token(nonce=""), WRONG_TYPE),
    "neither sub nor sid": (lambda: token(sub=LEFT_OUT, sid=LEFT_OUT), MISSING),
    "sub null beside sid": (lambda: token(sub=None), MALFORMED),
    "sub empty": (lambda: token(sub=""), MALFORMED),
    "sub a number": (lambda: token(sub=1), MALFORMED),
    "sub a list": (lambda: token(sub=["person-1"]), MALFORMED),
    "sub too long": (lambda: token(sub="s" * 256), MALFORMED),
    "sub with a control character": (lambda: token(sub="person\n1"), MALFORMED),
    "sid null beside sub": (lambda: token(sid=None), MALFORMED),
    "sid empty": (lambda: token(sid=""), MALFORMED),
    "sid of spaces": (lambda: token(sid="  "), MALFORMED),
    "sid a number": (lambda: token(sid=1), MALFORMED),
    "sid an object": (lambda: token(sid={"sid": "session-1"}), MALFORMED),
    "sid too long": (lambda: token(sid="s" * 256), MALFORMED),
    "sid with a control character": (lambda: token(sid="session\x7f1"), MALFORMED),
    "jti missing": (lambda: token(jti=LEFT_OUT), MISSING),
    "jti null": (lambda: token(jti=None), MISSING),
    "jti empty": (lambda: token(jti=""), MALFORMED),
    "jti a number": (lambda: token(jti=1), MALFORMED),
    "jti too long": (lambda: token(jti="j" * 256), MALFORMED),
    "exp missing": (lambda: token(exp=LEFT_OUT), MISSING),
    "expired": (lambda: token(exp=int(NOW) - 61), RefusalCode.EXPIRED),
    "iat missing": (lambda: token(iat=LEFT_OUT), MISSING),
    "iat ahead": (lambda: token(iat=int(NOW) + 300), RefusalCode.NOT_YET_VALID),
    "iat long ago, exp ahead": (lambda: token(iat=int(NOW) - 601), RefusalCode.EXPIRED),
    "iat text": (lambda: token(iat=str(int(NOW))), MALFORMED),
    "another issuer": (lambda: token(iss="https://evil.example"), RefusalCode.WRONG_ISSUER),
    "no issuer": (lambda: token(iss=LEFT_OUT), MISSING),
    "another client": (lambda: token(aud="client-2"), RefusalCode.WRONG_AUDIENCE),
    "ours and another client": (lambda: token(aud=["client-1", "client-2"]), RefusalCode.WRONG_AUDIENCE),
    "no audience": (lambda: token(aud=LEFT_OUT), MISSING),
    "another algorithm": (lambda: Signer("ES256").token(good(), typ="logout+jwt"), RefusalCode.ALGORITHM_NOT_ALLOWED),
    "a stranger's key": (
        lambda: Signer("RS256", name="stranger").token(good(), typ="logout+jwt"),
        RefusalCode.BAD_SIGNATURE,
    ),
    "unsigned": (lambda: token().rsplit(".", 1)[0] + ".", MALFORMED),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_logout_token_for_us_is_refused(name: str) -> None:
    make, code = BAD[name]
    assert refusal(make()).code is code


# The mutations of the shared table that make another token into one of these.
GOOD_HERE = {"logout token", "logout token, media type", "logout token, other case", "logout token by its claims"}


@pytest.mark.parametrize("attack", attacks.ANY_DOOR, ids=str)
def test_every_attack_of_the_shared_table_is_refused(attack: Attack) -> None:
    raw = attack.make(ISSUER.signer, good())
    if attack.name in GOOD_HERE:
        assert verified(raw).subject == "person-1"
    else:
        # Here, and only here, jti is required.
        assert refusal(raw).code in attack.codes | ({"missing_claim"} if attack.name == "jti null" else set())


def test_a_logout_token_is_of_the_wrong_type_at_every_other_door() -> None:
    doors = [
        Policy.for_login(issuer=ISSUER.url, client_id="client-1", nonce=None, algorithms=["RS256"]),
        Policy.for_pool(algorithms=["RS256"], issuer=ISSUER.url, audiences=["client-1"]),
    ]
    for door in doors:
        for raw in (token(), token({"typ": "JWT"}), token({"typ": None})):
            with pytest.raises(TokenRefused) as refused:
                verify(raw, policy=door, keys=KEYS, now=NOW)
            assert refused.value.code is RefusalCode.WRONG_TYPE


def test_keys_that_cannot_be_had_are_not_the_tokens_fault() -> None:
    class Unreachable:
        def find(self, algorithm: str, kid: str | None) -> Any:
            raise KeysUnavailable("The issuer does not answer.")

        def refresh_after_failure(self, algorithm: str, kid: str | None, failed: Any) -> Any:
            raise AssertionError("there was no key")

        def describe(self) -> str:
            return "nothing"

    with pytest.raises(KeysUnavailable):
        logout_tokens.verify(token(), policy=POLICY, keys=Unreachable(), now=NOW)


def test_no_refusal_repeats_what_the_token_says() -> None:
    for claim in ("sub", "sid", "jti"):
        assert "secret-1" not in refusal(token(**{claim: "secret-1\n"})).detail
