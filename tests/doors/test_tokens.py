"""The shared attack table at every door that takes a token, over HTTP, a clean token beside each attack."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from fairlead.web.codes import TABLE
from tests import attacks, fuzzing
from tests.attacks import Attack, Signer
from tests.configure import configure
from tests.doors.attacked import (
    Answer,
    CallbackDoor,
    Door,
    Make,
    MobileDoor,
    OurAccessTokenDoor,
    PoolDoor,
    good,
)

pytestmark = pytest.mark.django_db

# What an attack may leave behind: the request that it used up, and the record of its refusal.
BESIDE = {"AuthorizationRequest", "AuditEvent", "Refusal"}
SUBJECT = [attack for attack in attacks.LOGIN if attack.name.startswith("sub ")]
FAMILIES = {name: getattr(attacks, name) for name in ("FORM", "ALGORITHM", "HEADER", "KEY", "CLAIMS", "LOGIN")}


def _pool(where: str, *, hosted: bool = False) -> Callable[[Any], Door]:
    return lambda fixture: PoolDoor(fixture("tenant"), fixture("keys"), where, hosted=hosted)


DOORS: dict[str, Callable[[Any], Door]] = {
    "app me": _pool("me"),
    "app authorize": _pool("authorize"),
    "verifyToken": _pool("verify"),
    "verifyToken explained": _pool("verify explained"),
    "hosted, app me": _pool("me", hosted=True),
    "hosted, app me without client": _pool("me alone", hosted=True),
    "hosted, app authorize": _pool("authorize", hosted=True),
    "hosted, verifyToken": _pool("verify", hosted=True),
    "callback": lambda fixture: CallbackDoor(fixture("browser")),
    "mobile, access token": lambda fixture: MobileDoor(fixture("browser"), id_token=False),
    "mobile, ID token": lambda fixture: MobileDoor(fixture("browser"), id_token=True),
    "our access token": lambda fixture: OurAccessTokenDoor(Client()),
}
# The same code stands behind them as behind another door of the list: `make fuzz` sends them all, else every third.
SECONDARY = {
    "app authorize",
    "verifyToken explained",
    "mobile, ID token",
    "hosted, app me",
    "hosted, app authorize",
    "hosted, verifyToken",
}

# Not an attack at this door.
NONE_THERE = {
    # It is the type of an access token.
    "mobile, access token": {"access token", "access token, media type", "access token, other case"},
}
# Signed with the key that SECRET_KEY gives, which nobody else has: what it signs, we wrote.
WRITTEN_BY_US_ALONE = {
    "claims UTF-16", "claims with BOM", "claims with encoded surrogates", "a nested member twice", "exp twice",
    "claims with NaN", "claims with Infinity", "claims with an endless number",
    "a claim's name with NUL", "an inner name with a lone surrogate", "jti with NUL", "email with a lone surrogate",
    "exp text", "exp beyond all bounds", "exp a vast number",
    "nbf ahead", "nbf null", "nbf text", "nbf true", "nbf a list", "nbf beyond all bounds",
    "iat ahead", "iat text", "iat false", "iat a list", "iat an object", "iat beyond all bounds",
    "events of another kind", "events empty", "events null", "events a list",
}  # fmt: skip
OUR_CODES = {
    "not_authenticated",
    "malformed",
    "bad_signature",
    "missing_claim",
    "wrong_issuer",
    "wrong_audience",
    "expired",
}


@pytest.fixture
def door(request: Any, settings: Any) -> Iterator[Door]:
    made = DOORS[request.param](request.getfixturevalue)
    configure(settings, RATE_LIMITS=False)
    yield made
    made.close()


def rows() -> tuple[int, ...]:
    """How many rows each table has, in one statement."""
    tables = sorted(model._meta.db_table for model in apps.get_models() if model.__name__ not in BESIDE)
    counts = ", ".join(f"(SELECT count(*) FROM {connection.ops.quote_name(table)})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return tuple(cursor.fetchone())


def sent(name: str, family: str) -> list[Attack]:
    """What of a family is sent to a door."""
    table = FAMILIES[family]
    if family == "LOGIN" and name not in {"callback", "mobile, ID token"}:
        table = SUBJECT if name == "mobile, access token" else []
    if name in SECONDARY and fuzzing.FACTOR == 1:
        table = table[len(name) % 3 :: 3]
    left_out = NONE_THERE.get(name, set()) | (WRITTEN_BY_US_ALONE if name == "our access token" else set())
    return [attack for attack in table if attack.name not in left_out]


def fault(name: str, attack: Attack, answer: Answer) -> str | None:
    """What is wrong with an answer, None where it is right."""
    told = f"{answer.status} {answer.code} {answer.reason}"
    if answer.code is None:
        return f"accepted: {told}"
    if name == "callback":
        # The browser is told a code of its own; the reason is for operators.
        right = answer.status == 302 and answer.code in {"provider_error", "provider_unreachable", "missing_claims"}
        reasons = {"token_endpoint.token_missing", "token_endpoint.unusable", "keys.unavailable", "id_token.no_subject"}
        return None if right and answer.reason in attack.codes | reasons else told
    if name.startswith("mobile"):
        right = (answer.status, answer.code) in {(401, "token_not_bound"), (503, "provider_unreachable")}
        reasons = {"keys.unavailable", "access_token.no_proof", "access_token.another_client", "access_token.no_client"}
        return None if (right and answer.reason in attack.codes | reasons) or _unreadable(answer) else told
    right = answer.status == TABLE[answer.code].status and answer.status in {400, 401, 413, 503}
    if name == "our access token":
        return None if right and answer.code in OUR_CODES | attack.codes else told
    if "verifyToken" in name and _unreadable(answer):
        return None
    also = {"client_required"} if name == "hosted, app me without client" and "wrong_issuer" in attack.codes else set()
    return None if right and answer.code in attack.codes | also else told


def _unreadable(answer: Answer) -> bool:
    """A body that is refused before anybody looks at the token in it: nothing, too much, or no text."""
    return (answer.status, answer.code) in {(400, "invalid_request"), (413, "body_too_large")}


def _remembering(make: Make, raws: list[str]) -> Make:
    def remembered(signer: Signer, claims: Any) -> str:
        raws.append(make(signer, claims))
        return raws[-1]

    return remembered


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("door", DOORS, indirect=True)
def test_no_attack_of_the_shared_table_passes(door: Door, family: str, request: Any) -> None:
    name = request.node.callspec.params["door"]
    assert door.send(good).code is None
    faults: dict[str, str] = {}
    for attack in sent(name, family):
        before, raws = rows(), []
        answer = door.send(_remembering(attack.make, raws))
        if answer is None:
            continue  # no header can carry it
        if len(raws[0]) > 4 and raws[0] in answer.text:
            faults[attack.name] = "repeats the token"
        elif rows() != before:
            faults[attack.name] = "wrote a row"
        elif found := fault(name, attack, answer):
            faults[attack.name] = found
        if name not in SECONDARY and door.send(good).code is not None:
            faults[f"after {attack.name}"] = "the clean token was refused"
    assert not faults
    assert door.send(good).code is None


@pytest.mark.parametrize("door", ["our access token"], indirect=True)
def test_what_only_we_can_write_is_a_list_that_does_not_grow_old(door: Door) -> None:
    named = {attack.name: attack for family in FAMILIES.values() for attack in family}
    assert named.keys() >= WRITTEN_BY_US_ALONE
    refused = {name for name in WRITTEN_BY_US_ALONE if door.send(named[name].make).code is not None}
    assert not refused


def test_every_attack_can_be_sent_to_some_door() -> None:
    """What no header carries goes into a body."""
    everything = {attack.name for family in FAMILIES.values() for attack in family}
    assert {attack.name for family in FAMILIES for attack in sent("callback", family)} == everything
    assert len(everything) > 300
