"""One JSON Web Key (RFC 7517, 7518, 8037), made ready to check signatures.

Owns the bounds of acceptable keys and the binding of key and algorithm: a key checks only signatures that it is made
for, whatever a token's header says.
"""

import re
from binascii import a2b_base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fairlead.idtokens import signatures, weak_keys
from fairlead.idtokens.signatures import Check

MIN_RSA_BITS = 2048
MAX_RSA_BITS = 8192  # beyond this one check costs milliseconds, at the choice of a stranger
_MAX_EXPONENT = 2**32
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_CURVES: Mapping[str, tuple[type[ec.EllipticCurve], int, str]] = {
    "P-256": (ec.SECP256R1, 32, "ES256"),
    "P-384": (ec.SECP384R1, 48, "ES384"),
    "P-521": (ec.SECP521R1, 66, "ES512"),
}
_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "k")


class NotUsable(ValueError):
    """The entry cannot be used. The text says why ("is ...") and may be shown."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Key:
    """A public key, with one ready check for each algorithm that it is made for."""

    kid: str | None
    kind: str
    _checks: Mapping[str, Check] = field(repr=False)

    @property
    def algorithms(self) -> frozenset[str]:
        return frozenset(self._checks)

    def verifies(self, algorithm: str, *, signing_input: bytes, signature: bytes) -> bool:
        """Whether this is a signature of this key, made with this algorithm."""
        check = self._checks.get(algorithm)
        if check is None:
            return False
        try:
            check(signature, signing_input)
        except (InvalidSignature, ValueError):
            return False
        return True


def parse(entry: Any) -> Key:
    """The key that this entry of a key set describes. Raises NotUsable."""
    if not isinstance(entry, dict):
        raise NotUsable("is no JSON object")
    kid = entry.get("kid")
    if "kid" in entry and not (isinstance(kid, str) and kid):
        raise NotUsable("has a kid that is not text")
    _require_made_for_signatures(entry)
    kind = entry.get("kty")
    read = _KINDS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise NotUsable("is a symmetric key" if kind == "oct" else "is of an unknown type (kty)")
    if any(member in entry for member in _PRIVATE):
        raise NotUsable("is a private key, which anyone who sees it can sign with; replace it")
    try:
        checks = read(entry)
    except UnsupportedAlgorithm:
        raise NotUsable("is of a kind that this installation cannot check") from None
    if "alg" in entry:
        algorithm = entry["alg"]
        if not isinstance(algorithm, str) or algorithm not in checks:
            raise NotUsable("names an alg that does not fit it or is not for signatures")
        checks = {algorithm: checks[algorithm]}
    return Key(kid=kid, kind=str(kind), _checks=checks)


def _require_made_for_signatures(entry: dict[str, Any]) -> None:
    if "use" in entry and entry["use"] != "sig":
        raise NotUsable("is not marked for signatures (use)")
    operations = entry.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise NotUsable("is not marked for checking signatures (key_ops)")


def _rsa(entry: dict[str, Any]) -> dict[str, Check]:
    modulus, exponent = _number(entry, "n"), _number(entry, "e")
    if not MIN_RSA_BITS <= modulus.bit_length() <= MAX_RSA_BITS:
        raise NotUsable(f"is an RSA key of {modulus.bit_length()} bits; {MIN_RSA_BITS} to {MAX_RSA_BITS} are accepted")
    if not 3 <= exponent < _MAX_EXPONENT or not exponent & 1 or not modulus & 1:
        raise NotUsable("is no sound RSA key")
    if weak_keys.is_roca(modulus):
        raise NotUsable("is an RSA key whose private half can be computed (ROCA, CVE-2017-15361); replace it")
    try:
        return signatures.rsa_checks(rsa.RSAPublicNumbers(exponent, modulus).public_key())
    except ValueError:
        raise NotUsable("is no sound RSA key") from None


def _ec(entry: dict[str, Any]) -> dict[str, Check]:
    name = entry.get("crv")
    if not isinstance(name, str) or name not in _CURVES:
        raise NotUsable("is on a curve that is not accepted (P-256, P-384 and P-521 are)")
    curve, size, algorithm = _CURVES[name]
    x, y = _octets(entry, "x"), _octets(entry, "y")
    if len(x) != size or len(y) != size:
        raise NotUsable(f"has coordinates of the wrong length for {name}")
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), curve())
    try:
        return {algorithm: signatures.ec_check(numbers.public_key(), size=size)}
    except ValueError:
        raise NotUsable(f"is no point of {name}") from None


def _okp(entry: dict[str, Any]) -> dict[str, Check]:
    if entry.get("crv") != "Ed25519":
        raise NotUsable("is on a curve that is not accepted (Ed25519 is)")
    x = _octets(entry, "x")
    if len(x) != 32:
        raise NotUsable("has an x of the wrong length for Ed25519")
    try:
        return {"EdDSA": Ed25519PublicKey.from_public_bytes(x).verify}
    except ValueError:
        raise NotUsable("is no sound Ed25519 key") from None


_KINDS: Mapping[str, Callable[[dict[str, Any]], dict[str, Check]]] = {"RSA": _rsa, "EC": _ec, "OKP": _okp}


def _octets(entry: dict[str, Any], member: str) -> bytes:
    text = entry.get(member)
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise NotUsable(f"has no {member} in base64url")
    return a2b_base64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def _number(entry: dict[str, Any], member: str) -> int:
    octets = _octets(entry, member)
    if not 0 < len(octets) <= MAX_RSA_BITS // 8 + 8:
        raise NotUsable(f"has an {member} of a length that is not accepted")
    return int.from_bytes(octets)
