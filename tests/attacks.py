"""The shared attack table: what is done to a good token, and the code that every door must refuse it with.

    @pytest.mark.parametrize("attack", attacks.ANY_DOOR, ids=str)
    def test_...(attack):
        raw = attack.make(issuer.signer, issuer.claims(...))
        ... code in attack.codes

ANY_DOOR holds for every door that takes a foreign token and knows issuer and audience; LOGIN only for ID tokens that
end a sign-in. The claims given to `make` must be good ones; the key set must hold the signer's key and nothing else.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.issuer import Issuer, KeyServer, Signer, b64

__all__ = ["ANY_DOOR", "LOGIN", "Attack", "Issuer", "KeyServer", "Signer"]

Claims = dict[str, Any]


@dataclass(frozen=True)
class Attack:
    """One mutation. `codes` are the acceptable codes of its refusal."""

    name: str
    make: Callable[[Signer, Claims], str]
    codes: frozenset[str]

    def __str__(self) -> str:
        return self.name


def _attack(name: str, codes: str, make: Callable[[Signer, Claims], str]) -> Attack:
    return Attack(name, make, frozenset(codes.split()))


def _text(name: str, change: Callable[[str], str], codes: str = "malformed") -> Attack:
    return _attack(name, codes, lambda signer, claims: change(signer.token(claims)))


def _header(name: str, codes: str, **members: Any) -> Attack:
    return _attack(name, codes, lambda signer, claims: signer.token(claims, **members))


def _claims(name: str, codes: str, **members: Any) -> Attack:
    """Claims changed, then signed by the right key. None leaves a claim out; a function gets the good claims."""

    def make(signer: Signer, claims: Claims) -> str:
        changed = {at: value(claims) if callable(value) else value for at, value in members.items()}
        return signer.token({at: value for at, value in (claims | changed).items() if value is not None})

    return _attack(name, codes, make)


def _raw_claims(name: str, change: Callable[[str], str | bytes]) -> Attack:
    def make(signer: Signer, claims: Claims) -> str:
        changed = change(json.dumps(claims))
        return signer.token(changed if isinstance(changed, bytes) else changed.encode())

    return _attack(name, "malformed", make)


def _raw_header(name: str, header: bytes | str) -> Attack:
    def make(signer: Signer, claims: Claims) -> str:
        text = header if isinstance(header, bytes) else header.encode()
        return signer.sign(text.replace(b"ALG", signer.algorithm.encode()), claims)

    return _attack(name, "malformed", make)


def _hmac(name: str, secret: Callable[[Signer], bytes], algorithm: str = "HS256") -> Attack:
    def make(signer: Signer, claims: Claims) -> str:
        header = {"alg": algorithm, "kid": signer.kid, "typ": "JWT"}
        signed = ".".join(b64(json.dumps(part).encode()) for part in (header, claims))
        digest = hmac.new(secret(signer), signed.encode(), getattr(hashlib, f"sha{algorithm[2:]}")).digest()
        return f"{signed}.{b64(digest)}"

    return _attack(name, "algorithm_not_allowed", make)


def _unsigned(spelling: str, signature: str) -> Attack:
    def make(signer: Signer, claims: Claims) -> str:
        parts = {"alg": spelling, "typ": "JWT", "kid": signer.kid}, claims
        return ".".join(b64(json.dumps(part).encode()) for part in parts) + f".{signature}"

    return _attack(f"alg {spelling!r} signature {signature!r}", "algorithm_not_allowed malformed", make)


def _other_key(name: str, codes: str, make: Callable[[Signer, Signer, Claims], str]) -> Attack:
    def with_stranger(signer: Signer, claims: Claims) -> str:
        return make(Signer(signer.algorithm, kid=signer.kid, name="stranger"), signer, claims)

    return _attack(name, codes, with_stranger)


def _json_serialization(token: str) -> str:
    protected, payload, signature = token.split(".")
    return json.dumps({"protected": protected, "payload": payload, "signature": signature})


def _spelt_otherwise(token: str) -> str:
    """The same signature with an unused bit set in its last character (where its length leaves any)."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    head, _, signature = token.rpartition(".")
    if len(signature) % 4 == 0:
        return token + "A"
    return f"{head}.{signature[:-1]}{alphabet[alphabet.index(signature[-1]) + 1]}"


def _part(position: int, change: Callable[[str], str]) -> Callable[[str], str]:
    def changed(token: str) -> str:
        parts = token.split(".")
        parts[position] = change(parts[position])
        return ".".join(parts)

    return changed


def _flip(token: str) -> str:
    middle = token.rindex(".") + 10
    return token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]


FORM = [
    _attack("empty", "malformed not_authenticated", lambda signer, claims: ""),
    _attack("no JWT", "malformed", lambda signer, claims: "opaque-access-token"),
    _attack("two dots only", "malformed", lambda signer, claims: ".."),
    _text("one part", lambda token: token.split(".")[0]),
    _text("two parts", lambda token: token.rsplit(".", 1)[0]),
    _text("no signature", lambda token: token.rsplit(".", 1)[0] + "."),
    _text("no header", lambda token: token[token.index(".") :]),
    _text("four parts", lambda token: token + ".AAAA"),
    _text("five parts", lambda token: token + ".AAAA.AAAA"),
    _text("JSON serialization", _json_serialization),
    _text(
        "general JSON serialization",
        lambda token: json.dumps({"payload": "", "signatures": [_json_serialization(token)]}),
    ),
    _text("padding", lambda token: token + "="),
    _text(
        "padding of every part", lambda token: ".".join(part + "=" * (-len(part) % 4 or 4) for part in token.split("."))
    ),
    _text("space before", lambda token: "\u00a0" + token),
    _text("newline after", lambda token: token + "\n"),
    _text("space within", lambda token: token[:30] + " " + token[30:]),
    _text("newline within", lambda token: token[:30] + "\n" + token[30:]),
    _text("NUL after", lambda token: token + "\x00"),
    _text("letters beyond ASCII", lambda token: token[:30] + "\u0430" + token[31:]),
    _text("full-width dots", lambda token: token.replace(".", "\uff0e")),
    _text("standard base64 alphabet", lambda token: token[:-4] + "+/+/"),
    _text("spelt otherwise", _spelt_otherwise),
    _text("a character too many in the claims", _part(1, lambda part: part + "A" * (5 - len(part) % 4))),
    _text("lone surrogate", lambda token: token + "\udcff"),
    _text("twice", lambda token: f"{token}.{token}"),
    _text(
        "oversize",
        _part(2, lambda part: part + "A" * 20_000),
        "too_large malformed body_too_large",
    ),
    _raw_header("header no JSON", "alg=ALG"),
    _raw_header("header a list", '["ALG"]'),
    _raw_header("header null", "null"),
    _raw_header("header text", '"ALG"'),
    _raw_header("header no UTF-8", b'{"alg": "ALG", "x": "\xff"}'),
    _raw_header("header UTF-16", '{"alg": "ALG"}'.encode("utf-16")),
    _raw_header("header with BOM", b'\xef\xbb\xbf{"alg": "ALG"}'),
    _raw_header("header without alg", '{"typ": "JWT"}'),
    _raw_header("alg null", '{"alg": null}'),
    _raw_header("alg a list", '{"alg": ["ALG"]}'),
    _raw_header("alg a number", '{"alg": 256}'),
    _raw_header("alg an object", '{"alg": {"a": 1}}'),
    _raw_header("alg twice", '{"alg": "none", "alg": "ALG"}'),
    _raw_header("kid twice", '{"alg": "ALG", "kid": "key-1", "kid": "key-1"}'),
    _raw_header("header nested deeply", '{"alg": "ALG", "x": ' + "[" * 3000 + "]" * 3000 + "}"),
    _raw_header("header NaN", '{"alg": "ALG", "x": NaN}'),
    _raw_claims("claims no JSON", lambda text: "sub=1"),
    _raw_claims("claims a list", lambda text: f"[{text}]"),
    _raw_claims("claims text", json.dumps),
    _raw_claims("claims null", lambda text: "null"),
    _raw_claims("claims empty", lambda text: " "),
    _raw_claims("claims UTF-16", lambda text: text.encode("utf-16")),
    _raw_claims("claims no UTF-8", lambda text: text[:-1].encode() + b', "x": "\xff"}'),
    _raw_claims("sub twice", lambda text: text[:-1] + ', "sub": "admin"}'),
    _raw_claims("exp twice", lambda text: text[:-1] + ', "exp": 99999999999}'),
    _raw_claims("a nested member twice", lambda text: text[:-1] + ', "x": {"a": 1, "a": 2}}'),
    _raw_claims("claims nested deeply", lambda text: text[:-1] + ', "x": ' + "[" * 3000 + "]" * 3000 + "}"),
    _raw_claims("claims with NaN", lambda text: text[:-1] + ', "x": NaN}'),
    _raw_claims("claims with an endless number", lambda text: text[:-1] + ', "x": 1e999}'),
    _raw_claims("claims with NUL", lambda text: text[:-1] + ', "x": "\\u0000"}'),
    _raw_claims("claims with a lone surrogate", lambda text: text[:-1] + ', "x": "\\ud800"}'),
    _raw_claims("claims with more behind", lambda text: text + "{}"),
]

ALGORITHM = [
    *(
        _unsigned(spelling, signature)
        for spelling in ("none", "None", "NONE", "nOnE", " none", "none ", "", "n\u00f6ne", "NoNe\t")
        for signature in ("", "AAAA")
    ),
    *(_hmac(f"HMAC with the public key's PEM, {bits}", Signer.pem, bits) for bits in ("HS256", "HS384", "HS512")),
    _hmac("HMAC with the PEM without its last newline", lambda signer: signer.pem().strip()),
    _hmac("HMAC with the JWK's text", lambda signer: json.dumps(signer.jwk()).encode()),
    _hmac("HMAC with the JWK's compact text", lambda signer: json.dumps(signer.jwk(), separators=(",", ":")).encode()),
    _hmac("HMAC with nothing", lambda signer: b""),
    _hmac("HMAC with the client id", lambda signer: b"client-1"),
    _hmac("HMAC with the kid", lambda signer: str(signer.kid).encode()),
    _header("algorithm in lower case", "algorithm_not_allowed", alg="rs256"),
    _header("algorithm of encryption", "algorithm_not_allowed", alg="RSA-OAEP"),
    _header("algorithm unknown", "algorithm_not_allowed", alg="RS1"),
    _header("algorithm ES256K", "algorithm_not_allowed", alg="ES256K"),
    _header("algorithm with space", "algorithm_not_allowed", alg="RS256 "),
]

HEADER = [
    _header("crit b64", "malformed", crit=["b64"], b64=True),
    _header("crit unencoded payload", "malformed", crit=["b64"], b64=False),
    _header("b64 without crit", "malformed", b64=False),
    _header("crit empty", "malformed", crit=[]),
    _header("crit of an unknown extension", "malformed", crit=["x"], x=1),
    _header("crit exp", "malformed", crit=["exp"], exp=1),
    _header("crit text", "malformed", crit="b64"),
    _header("access token", "wrong_type", typ="at+jwt"),
    _header("access token, media type", "wrong_type", typ="application/at+jwt"),
    _header("access token, other case", "wrong_type", typ="AT+JWT"),
    _header("logout token", "wrong_type", typ="logout+jwt"),
    _header("security event", "wrong_type", typ="secevent+jwt"),
    _header("proof of possession", "wrong_type", typ="dpop+jwt"),
    _header("encrypted kind", "wrong_type", typ="JWE"),
    _header("typ a number", "malformed", typ=1),
    _header("typ a list", "malformed", typ=["JWT"]),
    _header("kid a number", "malformed", kid=1),
    _header("kid a list", "malformed", kid=["key-1"]),
    _header("kid an object", "malformed", kid={"a": 1}),
    _header("kid empty", "malformed", kid=""),
    _header("kid very long", "malformed", kid="k" * 2000),
    _header("kid unknown", "unknown_key keys_unavailable", kid="another"),
    _header("kid of SQL", "unknown_key keys_unavailable", kid="x' OR '1'='1"),
    _header("kid of a path", "unknown_key keys_unavailable", kid="../../../../dev/null"),
]

KEY = [
    _text("signature of other bytes", _flip, "bad_signature"),
    _text("signature of zeros", _part(2, lambda part: b64(b"\x00" * (len(part) * 3 // 4))), "bad_signature"),
    _text(
        "signature one byte short",
        _part(2, lambda part: b64(base64.urlsafe_b64decode(part + "==")[:-1])),
        "bad_signature",
    ),
    _text(
        "signature one byte long",
        _part(2, lambda part: b64(base64.urlsafe_b64decode(part + "==") + b"\0")),
        "bad_signature",
    ),
    _text("signature of one byte", _part(2, lambda part: "AA"), "bad_signature"),
    _attack(
        "claims of another token",
        "bad_signature",
        lambda signer, claims: _part(1, lambda part: signer.token(claims | {"sub": "admin"}).split(".")[1])(
            signer.token(claims)
        ),
    ),
    _other_key(
        "a stranger's key under our kid", "bad_signature", lambda stranger, signer, claims: stranger.token(claims)
    ),
    _other_key(
        "key in the header (jwk)",
        "bad_signature",
        lambda stranger, signer, claims: stranger.token(claims, jwk=stranger.jwk()),
    ),
    _other_key(
        "key in the header (jwk) under a kid of its own",
        "unknown_key keys_unavailable",
        lambda stranger, signer, claims: stranger.token(claims, kid="mine", jwk=stranger.jwk(kid="mine")),
    ),
    _other_key(
        "key behind a URL in the header (jku, x5u)",
        "bad_signature",
        lambda stranger, signer, claims: stranger.token(
            claims, jku="http://127.0.0.1:1/keys", x5u="http://127.0.0.1:1/c"
        ),
    ),
    _other_key(
        "key in a certificate in the header (x5c)",
        "bad_signature",
        lambda stranger, signer, claims: stranger.token(claims, x5c=[base64.b64encode(stranger.pem()).decode()]),
    ),
]

CLAIMS = [
    _claims("issuer missing", "missing_claim wrong_issuer", iss=None),
    _claims("issuer of another", "wrong_issuer", iss="https://evil.example"),
    _claims("issuer with a slash more", "wrong_issuer", iss=lambda claims: claims["iss"] + "/"),
    _claims("issuer in capitals", "wrong_issuer", iss=lambda claims: claims["iss"].upper()),
    _claims("issuer with a space", "wrong_issuer", iss=lambda claims: claims["iss"] + " "),
    _claims("issuer a list", "wrong_issuer malformed", iss=lambda claims: [claims["iss"]]),
    _claims("issuer a number", "wrong_issuer malformed", iss=1),
    _claims("issuer false", "wrong_issuer malformed", iss=False),
    _claims("issuer empty", "wrong_issuer missing_claim", iss=""),
    _claims("audience missing", "missing_claim wrong_audience", aud=None),
    _claims("audience of another", "wrong_audience", aud="client-2"),
    _claims("audience in capitals", "wrong_audience", aud=lambda claims: claims["aud"].upper()),
    _claims("audience a part of ours", "wrong_audience", aud=lambda claims: claims["aud"][:-1]),
    _claims("audience with ours within", "wrong_audience", aud=lambda claims: claims["aud"] + " other"),
    _claims("audiences none", "wrong_audience missing_claim", aud=[]),
    _claims("audiences of others", "wrong_audience", aud=["client-2", "client-3"]),
    _claims("audience an object", "wrong_audience malformed", aud=lambda claims: {claims["aud"]: True}),
    _claims("audience true", "wrong_audience malformed", aud=True),
    _claims("audiences with a number", "wrong_audience malformed", aud=lambda claims: [claims["aud"], 1]),
    _claims("audiences nested", "wrong_audience malformed", aud=lambda claims: [[claims["aud"]]]),
    _claims("audiences, issued to another", "wrong_audience", aud=lambda claims: [claims["aud"], "b"], azp="b"),
    _claims("exp missing", "missing_claim", exp=None),
    _claims("expired", "expired", exp=lambda claims: claims["iat"] - 120),
    _claims("exp zero", "expired", exp=0),
    _claims("exp negative", "expired malformed", exp=-1),
    _claims("exp text", "malformed", exp=lambda claims: str(claims["exp"])),
    _claims("exp true", "malformed", exp=True),
    _claims("exp a list", "malformed", exp=lambda claims: [claims["exp"]]),
    _claims("exp an object", "malformed", exp={}),
    _claims("exp beyond all bounds", "malformed", exp=10**400),
    _claims("exp a vast number", "malformed", exp=1e300),
    _claims("nbf ahead", "not_yet_valid", nbf=lambda claims: claims["iat"] + 300),
    _claims("nbf text", "malformed", nbf="0"),
    _claims("nbf true", "malformed", nbf=True),
    _claims("nbf beyond all bounds", "malformed", nbf=10**400),
    _claims("iat ahead", "not_yet_valid", iat=lambda claims: claims["iat"] + 300),
    _claims("iat text", "malformed", iat=lambda claims: str(claims["iat"])),
    _claims("iat false", "malformed", iat=False),
    _claims("jti a number", "malformed", jti=1),
]

ANY_DOOR = [*FORM, *ALGORITHM, *HEADER, *KEY, *CLAIMS]

LOGIN = [
    _claims("iat missing", "missing_claim", iat=None),
    _claims("sub missing", "missing_claim", sub=None),
    _claims("sub empty", "malformed missing_claim", sub=""),
    _claims("sub of spaces", "malformed missing_claim", sub="  "),
    _claims("sub a number", "malformed", sub=1),
    _claims("sub a list", "malformed", sub=["person-1"]),
    _claims("sub an object", "malformed", sub={"a": 1}),
    _claims("sub true", "malformed", sub=True),
    _claims("sub too long", "malformed", sub="s" * 256),
    _claims("sub with a control character", "malformed", sub="person\n1"),
    _claims("nonce missing", "wrong_nonce", nonce=None),
    _claims("nonce of another", "wrong_nonce", nonce="another"),
    _claims("nonce empty", "wrong_nonce", nonce=""),
    _claims("nonce a list", "wrong_nonce", nonce=lambda claims: [claims["nonce"]]),
    _claims("nonce true", "wrong_nonce", nonce=True),
    _claims("azp of another", "wrong_audience", azp="client-2"),
    _claims("azp a list", "wrong_audience", azp=lambda claims: [claims["aud"]]),
    _claims("azp empty", "wrong_audience", azp=""),
    _claims("audiences without azp", "wrong_audience", aud=lambda claims: [claims["aud"], "client-2"]),
    _claims("audiences with the other's azp", "wrong_audience", aud=lambda claims: [claims["aud"], "b"], azp="b"),
    _claims("at_hash of another", "wrong_access_token_hash", at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    _claims("at_hash empty", "wrong_access_token_hash", at_hash=""),
    _claims("at_hash a number", "wrong_access_token_hash", at_hash=1),
]
