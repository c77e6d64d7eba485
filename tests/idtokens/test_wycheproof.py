"""Project Wycheproof's vectors against our verifier: wycheproof/README.md says where they come from.

What the vectors sign is hardly ever a set of claims ("foo", or nothing), so the raw text alone would prove little: it
is refused for its payload before anybody looks at the signature. Each vector is therefore asked twice: as it stands,
and with the claims taken as good (`believed`), where only header, encoding, key and signature are left to refuse it.
"""

import base64
import json
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from fairlead.idtokens import compact, keys
from fairlead.idtokens.errors import TokenRefused
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.signatures import SUPPORTED
from fairlead.idtokens.verify import verify
from tests.issuer import b64

FOLDER = Path(__file__).parent / "wycheproof"
TOTALS = {"json_web_crypto_test": 83, "json_web_key_test": 26, "json_web_signature_test": 401}
NOW = 1_800_000_000.0
# The most generous policy there can be: what is refused here is refused at every door.
POLICY = Policy.for_pool(algorithms=SUPPORTED, issuer=None, audiences=None)
HEADER, CLAIMS = b64(b'{"alg":"RS256"}'), b64(json.dumps({"exp": NOW + 60}).encode())


class Expected(StrEnum):
    REFUSED = "invalid: refused"
    BELIEVED = "valid: believed"
    # Valid by its standard, and still nothing that we take:
    SYMMETRIC = "valid with a shared secret: no issuer's public key, never accepted (RFC 8725 3.1)"
    ENCRYPTED = "valid and encrypted: only signed tokens are accepted"
    EMPTY = "valid over an empty payload: the signature counts, but no set of claims is empty"
    OTHER_ALGORITHM = "valid, but its key is for another algorithm (PS256 for PS384) or an unregistered one (ES521)"


@dataclass(frozen=True)
class Vector:
    name: str
    jose: str
    entries: tuple[dict[str, Any], ...]
    expected: Expected

    def __str__(self) -> str:
        return self.name


def _expected(group: dict[str, Any], test: dict[str, Any], entries: tuple[dict[str, Any], ...]) -> Expected:
    if test["result"] == "invalid":
        return Expected.REFUSED
    if "jwe" in test:
        return Expected.ENCRYPTED
    if any(entry["kty"] == "oct" for entry in entries):
        return Expected.SYMMETRIC
    if any("alg" in entry and entry["alg"] != _algorithm(test["jws"]) for entry in entries):
        return Expected.OTHER_ALGORITHM
    return Expected.EMPTY if ".." in test["jws"] else Expected.BELIEVED


def _algorithm(jws: str) -> str:
    header = jws.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["alg"])


def _vectors(file: str) -> list[Vector]:
    found = []
    for group in json.loads((FOLDER / f"{file}.json").read_text())["testGroups"]:
        source = group.get("public") or group["private"]
        entries = tuple(source.get("keys", [source]))
        for test in group["tests"]:
            jose = test.get("jws", test.get("jwe"))
            text = jose if isinstance(jose, str) else json.dumps(jose)
            name = f"{file.removesuffix('_test')}-{test['tcId']}-{test['comment']}"
            found.append(Vector(name, text, entries, _expected(group, test, entries)))
    return found


# The texts of bad encodings are made with a shared secret, so that the key alone would refuse them. Two of them repeat
# the text of 357, which is well encoded.
BADLY_ENCODED = {f"json_web_signature-{number}" for number in range(360, 376)} - {
    "json_web_signature-367",
    "json_web_signature-370",
}

VECTORS = {file: _vectors(file) for file in TOTALS}
EVERY = [vector for vectors in VECTORS.values() for vector in vectors]


def of(*expected: Expected) -> list[Vector]:
    return [vector for vector in EVERY if vector.expected in expected]


def well_encoded(text: str) -> bool:
    """Whether each part of this text is base64url in its one canonical form."""
    try:
        for part in text.split("."):
            compact.parse(f"{HEADER}.{CLAIMS}.{part}")
    except TokenRefused:
        return False
    return True


def believed(text: str, entries: Any) -> bool:
    """Whether the verifier believes this header and this signature, whatever it is that was signed."""
    header, _, rest = text.partition(".")
    payload, _, signature = rest.partition(".")
    if payload and not well_encoded(payload):
        return False
    try:
        form = compact.parse(f"{header}.{CLAIMS}.{signature}")
        token = form._replace(signing_input=f"{header}.{payload}".encode())
        verify(token, policy=POLICY, keys=keys.parse({"keys": list(entries)}), now=NOW)
    except TokenRefused:
        return False
    return True


def test_every_vector_is_there_and_none_is_left_out_without_its_reason() -> None:
    assert {file: len(vectors) for file, vectors in VECTORS.items()} == TOTALS
    declared = {file: json.loads((FOLDER / f"{file}.json").read_text())["numberOfTests"] for file in TOTALS}
    assert declared == TOTALS
    assert len({vector.name for vector in EVERY}) == sum(TOTALS.values()) == 510
    assert Counter(vector.expected for vector in EVERY) == {
        Expected.REFUSED: 453,
        Expected.BELIEVED: 29,
        Expected.SYMMETRIC: 16,
        Expected.ENCRYPTED: 2,
        Expected.EMPTY: 6,
        Expected.OTHER_ALGORITHM: 4,
    }


def test_the_licence_stands_beside_the_vectors() -> None:
    assert "Apache License" in (FOLDER / "LICENSE").read_text()
    assert {path.stem for path in FOLDER.glob("*.json")} == set(TOTALS)


@pytest.mark.parametrize("vector", EVERY, ids=str)
def test_no_vector_is_accepted_as_it_stands(vector: Vector) -> None:
    """None of them holds claims, so none is an ID token; and none makes the verifier raise anything else."""
    with pytest.raises(TokenRefused):
        verify(vector.jose, policy=POLICY, keys=keys.parse({"keys": list(vector.entries)}), now=NOW)


@pytest.mark.parametrize("vector", of(Expected.REFUSED), ids=str)
def test_no_invalid_signature_or_key_is_believed(vector: Vector) -> None:
    assert not believed(vector.jose, vector.entries)


def test_no_bad_encoding_is_read_whatever_the_key() -> None:
    encodings = [vector for vector in EVERY if vector.entries[0].get("kid") == "hs256-key"]
    refused = {vector.name.rpartition("-")[0] for vector in encodings if not well_encoded(vector.jose)}
    assert len(encodings) == 21
    # Wycheproof calls 372 and 373 valid, for readers that skip what is no base64; ours skips nothing.
    assert refused == BADLY_ENCODED
    assert len(BADLY_ENCODED) == 14


@pytest.mark.parametrize("vector", of(Expected.BELIEVED, Expected.EMPTY), ids=str)
def test_every_valid_signature_of_an_accepted_algorithm_is_believed(vector: Vector) -> None:
    assert believed(vector.jose, vector.entries)


@pytest.mark.parametrize("vector", of(Expected.EMPTY), ids=str)
def test_a_token_without_claims_is_refused_however_well_it_is_signed(vector: Vector) -> None:
    with pytest.raises(TokenRefused, match="malformed"):
        compact.parse(vector.jose)


@pytest.mark.parametrize("vector", of(Expected.SYMMETRIC), ids=str)
def test_no_shared_secret_is_a_key(vector: Vector) -> None:
    keyset = keys.parse({"keys": list(vector.entries)})
    assert not keyset.keys
    assert {entry.reason for entry in keyset.ignored} == {"is a symmetric key"}
    assert not believed(vector.jose, vector.entries)


@pytest.mark.parametrize("vector", of(Expected.ENCRYPTED), ids=str)
def test_no_encrypted_token_is_read(vector: Vector) -> None:
    with pytest.raises(TokenRefused, match="five parts: it is encrypted"):
        compact.parse(vector.jose)


@pytest.mark.parametrize("vector", of(Expected.OTHER_ALGORITHM), ids=str)
def test_a_key_serves_the_algorithm_that_it_names_and_no_other(vector: Vector) -> None:
    assert not believed(vector.jose, vector.entries)
    assert believed(vector.jose, [entry | {"alg": _algorithm(vector.jose)} for entry in vector.entries])
