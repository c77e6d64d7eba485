"""How the mutations of tests/attacks.py are made: from a signer and good claims to a bad token."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.issuer import Signer, b64

Claims = dict[str, Any]
Make = Callable[[Signer, Claims], str]

NULL = object()  # the JSON null; None leaves a member out


@dataclass(frozen=True)
class Attack:
    """One mutation. `codes` are the acceptable codes of its refusal."""

    name: str
    make: Make
    codes: frozenset[str]

    def __str__(self) -> str:
        return self.name


def attack(name: str, codes: str, make: Make) -> Attack:
    return Attack(name, make, frozenset(codes.split()))


def text(name: str, change: Callable[[str], str], codes: str = "malformed") -> Attack:
    """The good token's text changed."""
    return attack(name, codes, lambda signer, claims: change(signer.token(claims)))


def header(name: str, codes: str, **members: Any) -> Attack:
    """Header members added, then signed by the right key. A function gets the signer."""

    def make(signer: Signer, claims: Claims) -> str:
        changed = {at: value(signer) if callable(value) else value for at, value in members.items()}
        good = {"alg": signer.algorithm, "kid": signer.kid, "typ": "JWT"}
        return signer.sign(_without_missing(good | changed), claims)

    return attack(name, codes, make)


def claims(name: str, codes: str, **members: Any) -> Attack:
    """Claims changed, then signed by the right key. None leaves a claim out; a function gets the good claims."""

    def make(signer: Signer, good: Claims) -> str:
        changed = {at: value(good) if callable(value) else value for at, value in members.items()}
        return signer.token(_without_missing(good | changed))

    return attack(name, codes, make)


def _without_missing(members: Claims) -> Claims:
    kept = {at: value for at, value in members.items() if value is not None}
    return {at: None if value is NULL else value for at, value in kept.items()}


def raw_claims(name: str, change: Callable[[str], str | bytes]) -> Attack:
    """The JSON of the claims changed, then signed by the right key."""

    def make(signer: Signer, good: Claims) -> str:
        changed = change(json.dumps(good))
        return signer.token(changed if isinstance(changed, bytes) else changed.encode())

    return attack(name, "malformed", make)


def raw_header(name: str, changed: bytes | str) -> Attack:
    """Exactly this header, ALG standing for the algorithm, then signed by the right key."""

    def make(signer: Signer, good: Claims) -> str:
        encoded = changed if isinstance(changed, bytes) else changed.encode()
        return signer.sign(encoded.replace(b"ALG", signer.algorithm.encode()), good)

    return attack(name, "malformed", make)


def with_hmac(name: str, secret: Callable[[Signer], bytes], algorithm: str = "HS256") -> Attack:
    """A symmetric signature whose secret is something that the attacker knows."""

    def make(signer: Signer, good: Claims) -> str:
        parts = {"alg": algorithm, "kid": signer.kid, "typ": "JWT"}, good
        signed = ".".join(b64(json.dumps(part).encode()) for part in parts)
        digest = hmac.new(secret(signer), signed.encode(), getattr(hashlib, f"sha{algorithm[2:]}")).digest()
        return f"{signed}.{b64(digest)}"

    return attack(name, "algorithm_not_allowed", make)


def unsigned(spelling: str, signature: str) -> Attack:
    def make(signer: Signer, good: Claims) -> str:
        parts = {"alg": spelling, "typ": "JWT", "kid": signer.kid}, good
        return ".".join(b64(json.dumps(part).encode()) for part in parts) + f".{signature}"

    return attack(f"alg {spelling!r} signature {signature!r}", "algorithm_not_allowed malformed", make)


def other_key(name: str, codes: str, make: Callable[[Signer, Signer, Claims], str]) -> Attack:
    """Signed by the attacker's own key; `make` gets that signer, the right one and the claims."""

    def with_attacker(signer: Signer, good: Claims) -> str:
        return make(Signer(signer.algorithm, kid=signer.kid, name="attacker"), signer, good)

    return attack(name, codes, with_attacker)


def part(position: int, change: Callable[[str], str]) -> Callable[[str], str]:
    """The change of one of the three parts of a token."""

    def changed(token: str) -> str:
        parts = token.split(".")
        parts[position] = change(parts[position])
        return ".".join(parts)

    return changed


def signature(name: str, change: Callable[[bytes], bytes]) -> Attack:
    """The bytes of the signature changed."""
    changed = part(2, lambda encoded: b64(change(base64.urlsafe_b64decode(encoded + "=="))))
    return text(name, changed, "bad_signature")


def resigned(name: str, what: Callable[[str], bytes]) -> Attack:
    """The right key's signature over something else than header and claims."""

    def make(signer: Signer, good: Claims) -> str:
        signed = signer.token(good).rpartition(".")[0]
        return f"{signed}.{b64(signer.signature(what(signed)))}"

    return attack(name, "bad_signature", make)
