"""The signature algorithms of RFC 7518 and 8037 that are accepted, as ready-made checks over `cryptography`.

Asymmetric ones only. The objects that describe padding and hash are built once: building them per token costs a third
of an RS256 check.
"""

from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

# Takes the signature and what was signed; raises InvalidSignature.
Check = Callable[[bytes, bytes], None]

_HASHES: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_EC_HASHES = {32: _HASHES["256"], 48: _HASHES["384"], 66: _HASHES["512"]}
_PKCS1 = padding.PKCS1v15()
_PSS = {bits: padding.PSS(mgf=padding.MGF1(one), salt_length=one.digest_size) for bits, one in _HASHES.items()}

SUPPORTED = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)  # fmt: skip


def digest_name(algorithm: str) -> str:
    """The hash that belongs to an algorithm, for `at_hash` (OpenID Connect Core 3.1.3.6; SHA-512 for Ed25519)."""
    return "sha512" if algorithm == "EdDSA" else f"sha{algorithm[2:]}"


def rsa_checks(key: rsa.RSAPublicKey) -> dict[str, Check]:
    """One check for each of RS256 to PS512."""
    checks: dict[str, Check] = {}
    for bits, one in _HASHES.items():
        checks[f"RS{bits}"] = _rsa_check(key, _PKCS1, one)
        checks[f"PS{bits}"] = _rsa_check(key, _PSS[bits], one)
    return checks


def _rsa_check(key: rsa.RSAPublicKey, scheme: padding.PKCS1v15 | padding.PSS, one: hashes.HashAlgorithm) -> Check:
    verify = key.verify

    def check(signature: bytes, signing_input: bytes) -> None:
        verify(signature, signing_input, scheme, one)

    return check


def ec_check(key: ec.EllipticCurvePublicKey, *, size: int) -> Check:
    """The check for the one algorithm of this key's curve. `size` is the length of a coordinate in bytes."""
    verify, scheme = key.verify, ec.ECDSA(_EC_HASHES[size])

    def check(signature: bytes, signing_input: bytes) -> None:
        # A JWS carries r and s side by side (RFC 7518 3.4), at full length and in no other form.
        if len(signature) != 2 * size:
            raise InvalidSignature
        der = encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
        verify(der, signing_input, scheme)

    return check
