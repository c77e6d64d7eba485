"""Which keys of a key set are used, and which are not, and why."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fairlead.idtokens import keys
from fairlead.idtokens.errors import TokenRefused
from fairlead.idtokens.jwk import NotUsable, parse
from tests.attacks import Signer
from tests.issuer import b64, number, rsa_key

RSA = Signer("RS256")
EC = Signer("ES256", kid="key-1")
ED = Signer("EdDSA", kid="ed")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (None, "no JSON object"),
        ([], "no JSON object"),
        ({}, "unknown type"),
        ({"kty": "XYZ"}, "unknown type"),
        ({"kty": ["RSA"]}, "unknown type"),
        ({"kty": "oct", "k": "c2VjcmV0"}, "symmetric"),
        (RSA.jwk(kid=1), "kid"),
        (RSA.jwk(kid=""), "kid"),
        (RSA.jwk(use="enc"), "use"),
        (RSA.jwk(use=["sig"]), "use"),
        (RSA.jwk(key_ops=["encrypt"]), "key_ops"),
        (RSA.jwk(key_ops="verify"), "key_ops"),
        (RSA.jwk(key_ops=[]), "key_ops"),
        (RSA.jwk(alg="RSA-OAEP"), "alg"),
        (RSA.jwk(alg="ES256"), "alg"),
        (RSA.jwk(alg="HS256"), "alg"),
        (RSA.jwk(alg="none"), "alg"),
        (RSA.jwk(alg=["RS256"]), "alg"),
        (RSA.jwk(d="AQAB"), "private"),
        (RSA.jwk(n=None), "no n"),
        (RSA.jwk(n=""), "n of a length"),
        (RSA.jwk(n="!"), "no n"),
        (RSA.jwk(n=5), "no n"),
        (RSA.jwk(n="A" * 20_000), "n of a length"),
        (RSA.jwk(n=number(2**2047)), "sound"),
        (RSA.jwk(e="AQ"), "sound"),
        (RSA.jwk(e="AA"), "sound"),
        (RSA.jwk(e="Ag"), "sound"),
        (RSA.jwk(e=number(2**40 + 1)), "sound"),
        (Signer("RS256", key=rsa_key(1024)).jwk(), "1024 bits"),
        (EC.jwk(crv="P-384"), "wrong length"),
        (EC.jwk(crv="secp256k1"), "curve"),
        (EC.jwk(crv=None), "curve"),
        (EC.jwk(y=b64(b"\x01" * 32)), "point"),
        (EC.jwk(x=b64(b"\x00" * 32), y=b64(b"\x00" * 32)), "point"),
        (EC.jwk(y=None), "no y"),
        (EC.jwk(alg="ES384"), "alg"),
        (ED.jwk(x=b64(b"\x01" * 31)), "wrong length"),
        (ED.jwk(crv="X25519"), "curve"),
        (
            {"kty": "OKP", "crv": "Ed448", "x": b64(Ed448PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))},
            "curve",
        ),
    ],
)  # fmt: skip
def test_an_unusable_entry_is_refused_with_its_reason(entry, reason):
    with pytest.raises(NotUsable, match=reason):
        parse(entry)


@pytest.mark.parametrize(
    ("entry", "algorithms"),
    [
        (RSA.jwk(), {"RS256"}),
        (RSA.jwk(alg=None), {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
        (RSA.jwk(alg=None, use=None), {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
        (RSA.jwk(alg="PS384", key_ops=["verify", "encrypt"], x5c=["junk"], future={"a": 1}), {"PS384"}),
        (RSA.jwk(kid=None), {"RS256"}),
        (EC.jwk(alg=None), {"ES256"}),
        (Signer("ES384").jwk(), {"ES384"}),
        (Signer("ES512").jwk(alg=None), {"ES512"}),
        (ED.jwk(alg=None), {"EdDSA"}),
    ],
)
def test_a_usable_key_is_bound_to_the_algorithms_it_is_made_for(entry, algorithms):
    assert parse(entry).algorithms == algorithms


@pytest.mark.parametrize(
    "document", [None, [], "keys", 1, {}, {"keys": {}}, {"keys": None}, {"keys": [RSA.jwk()] * 101}]
)
def test_a_document_that_is_no_key_set_is_refused(document):
    with pytest.raises(keys.NotAKeySet):
        keys.parse(document)


def test_a_good_key_works_beside_broken_and_unknown_ones():
    keyset = keys.parse({"keys": [{"kty": "oct", "kid": "s", "k": "AA"}, None, RSA.jwk(), {"kty": "AKP", "kid": "pq"}]})
    assert keyset.find("RS256", "key-1").kid == "key-1"
    assert [(entry.position, entry.kid) for entry in keyset.ignored] == [(0, "s"), (1, None), (3, "pq")]
    with pytest.raises(TokenRefused, match="that entry is a symmetric key"):
        keyset.find("RS256", "s")


def test_several_keys_with_one_kid_are_resolved_by_type():
    keyset = keys.parse({"keys": [RSA.jwk(), EC.jwk(), RSA.jwk(use="enc", alg="RSA-OAEP")]})
    assert keyset.find("RS256", "key-1").kind == "RSA"
    assert keyset.find("ES256", "key-1").kind == "EC"


def test_several_keys_of_one_type_with_one_kid_are_never_guessed():
    keyset = keys.parse({"keys": [RSA.jwk(), Signer("RS256", name="second").jwk()]})
    with pytest.raises(TokenRefused, match="guessing") as refused:
        keyset.find("RS256", "key-1")
    assert refused.value.code == "unknown_key"


def test_without_a_kid_exactly_one_key_must_fit():
    keyset = keys.parse({"keys": [RSA.jwk(), EC.jwk(), ED.jwk(), Signer("EdDSA", kid="ed-2").jwk()]})
    assert keyset.find("RS256", None).kind == "RSA"
    for algorithm in ("EdDSA", "PS256"):
        with pytest.raises(TokenRefused, match="exactly one must"):
            keyset.find(algorithm, None)


def test_a_key_checks_only_signatures_of_its_own_algorithms():
    key = parse(RSA.jwk())
    assert key.verifies("RS256", signing_input=b"x", signature=RSA.signature(b"x"))
    assert not key.verifies("RS512", signing_input=b"x", signature=RSA.signature(b"x"))
    assert not key.verifies("HS256", signing_input=b"x", signature=b"")


@pytest.mark.parametrize("signature", [b"", b"\x00" * 64, b"\xff" * 64, b"\x00" * 63, b"\x00" * 65, b"0" * 200])
def test_odd_ecdsa_signatures_are_just_wrong(signature):
    assert not parse(EC.jwk()).verifies("ES256", signing_input=b"x", signature=signature)


def test_an_ecdsa_signature_has_one_length_and_so_one_spelling():
    key, good = parse(EC.jwk()), EC.signature(b"x")
    assert key.verifies("ES256", signing_input=b"x", signature=good)
    assert not key.verifies("ES256", signing_input=b"x", signature=good[:32] + b"\x00" + good[32:])


def test_an_ecdsa_signature_in_der_is_not_a_jws_signature():
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    assert not parse(EC.jwk()).verifies(
        "ES256", signing_input=b"x", signature=EC.key.sign(b"x", ec.ECDSA(hashes.SHA256()))
    )
