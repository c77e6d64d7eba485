"""The shared attack table: what is done to a good token, and the code that every door must refuse it with.

    @pytest.mark.parametrize("attack", attacks.ANY_DOOR, ids=str)
    def test_...(attack):
        raw = attack.make(issuer.signer, issuer.claims(...))
        ... code in attack.codes

ANY_DOOR holds for every door that takes a foreign token and knows issuer and audience; LOGIN only for ID tokens that
end a sign-in. The claims given to `make` must be good ones; the key set must hold the signer's key and nothing else.
What is done to a key set instead of a token is in tests/idtokens/test_keys.py.
"""

import base64
import json
import zlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests import attack_making as made
from tests.attack_making import NULL, Attack
from tests.issuer import Issuer, KeyServer, Signer, b64

__all__ = ["ANY_DOOR", "LOGIN", "Attack", "Issuer", "KeyServer", "Signer"]

Claims = dict[str, Any]


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


def _flip(token: str) -> str:
    middle = token.rindex(".") + 10
    return token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]


def _exchanged(token: str, order: tuple[int, int, int]) -> str:
    parts = token.split(".")
    return ".".join(parts[at] for at in order)


def _compressed(signer: Signer, claims: Claims) -> str:
    return signer.token(zlib.compress(json.dumps(claims).encode())[2:-4], zip="DEF")


def _der(signature: bytes) -> bytes:
    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))


def _spki(signer: Signer) -> bytes:
    return bytes(signer.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _public_number(signer: Signer) -> bytes:
    public = signer.key.public_key()
    if isinstance(public, RSAPublicKey):
        return public.public_numbers().n.to_bytes(public.key_size // 8)
    return _spki(signer)[-64:]


def _other_hash(signer: Signer) -> str:
    bits = {"256": "384", "384": "512", "512": "256"}
    return signer.algorithm[:2] + bits[signer.algorithm[2:]] if signer.algorithm[2:] in bits else "ES384"


FORM = [
    made.attack("empty", "malformed not_authenticated", lambda signer, claims: ""),
    made.attack("no JWT", "malformed", lambda signer, claims: "opaque-access-token"),
    made.attack("two dots only", "malformed", lambda signer, claims: ".."),
    made.text("one part", lambda token: token.split(".")[0]),
    made.text("two parts", lambda token: token.rsplit(".", 1)[0]),
    made.text("no signature", lambda token: token.rsplit(".", 1)[0] + "."),
    made.text("no header", lambda token: token[token.index(".") :]),
    made.text("detached claims", made.part(1, lambda part: "")),
    made.text("four parts", lambda token: token + ".AAAA"),
    made.text("five parts", lambda token: token + ".AAAA.AAAA"),
    made.text("dot before", lambda token: "." + token),
    made.text("dot after", lambda token: token + "."),
    made.text("JSON serialization", _json_serialization),
    made.text(
        "general JSON serialization",
        lambda token: json.dumps({"payload": "", "signatures": [_json_serialization(token)]}),
    ),
    made.text("in quotes", lambda token: f'"{token}"'),
    made.text("scheme twice", lambda token: f"Bearer {token}"),
    made.text("two with a comma", lambda token: f"{token}, {token}"),
    made.text("in base64", lambda token: b64(token.encode())),
    made.text("percent-encoded dots", lambda token: token.replace(".", "%2E")),
    made.text("claims first", lambda token: _exchanged(token, (1, 0, 2))),
    made.text("signature first", lambda token: _exchanged(token, (2, 0, 1))),
    made.text("padding", lambda token: token + "="),
    made.text(
        "padding of every part", lambda token: ".".join(part + "=" * (-len(part) % 4 or 4) for part in token.split("."))
    ),
    made.text("space before", lambda token: "\u00a0" + token),
    made.text("tab before", lambda token: "\t" + token),
    made.text("byte order mark before", lambda token: "\ufeff" + token),
    made.text("newline after", lambda token: token + "\n"),
    made.text("space within", lambda token: token[:30] + " " + token[30:]),
    made.text("newline within", lambda token: token[:30] + "\n" + token[30:]),
    made.text("line break within", lambda token: token[:30] + "\r\n " + token[30:]),
    made.text("zero-width space within", lambda token: token[:30] + "\u200b" + token[30:]),
    made.text("NUL after", lambda token: token + "\x00"),
    made.text("NUL within", lambda token: token[:30] + "\x00" + token[30:]),
    made.text("letters beyond ASCII", lambda token: token[:30] + "\u0430" + token[31:]),
    made.text("full-width dots", lambda token: token.replace(".", "\uff0e")),
    made.text("standard base64 alphabet", lambda token: token[:-4] + "+/+/"),
    made.text("standard base64 alphabet in the claims", made.part(1, lambda part: part[:-4] + "+/+/")),
    made.text("spelt otherwise", _spelt_otherwise),
    made.text("a character too many in the claims", made.part(1, lambda part: part + "A" * (5 - len(part) % 4))),
    made.text("a character too many in the header", made.part(0, lambda part: part + "A" * (5 - len(part) % 4))),
    made.text("lone surrogate", lambda token: token + "\udcff"),
    made.text("twice", lambda token: f"{token}.{token}"),
    made.text(
        "oversize",
        made.part(2, lambda part: part + "A" * 20_000),
        "too_large malformed body_too_large",
    ),
    made.raw_header("header no JSON", "alg=ALG"),
    made.raw_header("header a list", '["ALG"]'),
    made.raw_header("header null", "null"),
    made.raw_header("header text", '"ALG"'),
    made.raw_header("header no UTF-8", b'{"alg": "ALG", "x": "\xff"}'),
    made.raw_header("header UTF-16", '{"alg": "ALG"}'.encode("utf-16")),
    made.raw_header("header with BOM", b'\xef\xbb\xbf{"alg": "ALG"}'),
    made.raw_header("header with a comma at its end", '{"alg": "ALG",}'),
    made.raw_header("header with single quotes", "{'alg': 'ALG'}"),
    made.raw_header("header with more behind", '{"alg": "ALG"} {"alg": "none"}'),
    made.raw_header("header without alg", '{"typ": "JWT"}'),
    made.raw_header("alg in capitals", '{"ALG": "ALG"}'),
    made.raw_header("alg null", '{"alg": null}'),
    made.raw_header("alg a list", '{"alg": ["ALG"]}'),
    made.raw_header("alg a number", '{"alg": 256}'),
    made.raw_header("alg true", '{"alg": true}'),
    made.raw_header("alg an object", '{"alg": {"a": 1}}'),
    made.raw_header("alg with NUL", '{"alg": "ALG\\u0000"}'),
    made.raw_header("alg twice", '{"alg": "none", "alg": "ALG"}'),
    made.raw_header("alg twice, spelt differently", '{"alg": "none", "\\u0061lg": "ALG"}'),
    made.raw_header("kid twice", '{"alg": "ALG", "kid": "key-1", "kid": "key-1"}'),
    made.raw_header("header nested deeply", '{"alg": "ALG", "x": ' + "[" * 3000 + "]" * 3000 + "}"),
    made.raw_header("header NaN", '{"alg": "ALG", "x": NaN}'),
    made.raw_claims("claims no JSON", lambda text: "sub=1"),
    made.raw_claims("claims a list", lambda text: f"[{text}]"),
    made.raw_claims("claims text", json.dumps),
    made.raw_claims("claims null", lambda text: "null"),
    made.raw_claims("claims empty", lambda text: " "),
    made.raw_claims("claims UTF-16", lambda text: text.encode("utf-16")),
    made.raw_claims("claims with BOM", lambda text: b"\xef\xbb\xbf" + text.encode()),
    made.raw_claims("claims no UTF-8", lambda text: text[:-1].encode() + b', "x": "\xff"}'),
    made.raw_claims("claims in overlong UTF-8", lambda text: text[:-1].encode() + b', "x": "\xc0\xaf"}'),
    made.raw_claims("claims with encoded surrogates", lambda text: text[:-1].encode() + b', "x": "\xed\xa0\x80"}'),
    made.raw_claims("claims with a comma at their end", lambda text: text[:-1] + ",}"),
    made.raw_claims("claims with single quotes", lambda text: text.replace('"', "'")),
    made.raw_claims("claims with a comment", lambda text: text[:-1] + "/* */}"),
    made.raw_claims("claims cut off", lambda text: text[:-1]),
    made.raw_claims("claims with a raw newline in a text", lambda text: text[:-1] + ', "x": "\n"}'),
    made.raw_claims("sub twice", lambda text: text[:-1] + ', "sub": "admin"}'),
    made.raw_claims("sub twice, spelt differently", lambda text: text[:-1] + ', "s\\u0075b": "admin"}'),
    made.raw_claims("iss twice", lambda text: text[:-1] + ', "iss": "https://evil.example"}'),
    made.raw_claims("aud twice", lambda text: text[:-1] + ', "aud": "client-2"}'),
    made.raw_claims("exp twice", lambda text: text[:-1] + ', "exp": 99999999999}'),
    made.raw_claims("a nested member twice", lambda text: text[:-1] + ', "x": {"a": 1, "a": 2}}'),
    made.raw_claims("claims nested deeply", lambda text: text[:-1] + ', "x": ' + "[" * 3000 + "]" * 3000 + "}"),
    made.raw_claims("claims with NaN", lambda text: text[:-1] + ', "x": NaN}'),
    made.raw_claims("claims with Infinity", lambda text: text[:-1] + ', "x": -Infinity}'),
    made.raw_claims("claims with an endless number", lambda text: text[:-1] + ', "x": 1e999}'),
    made.raw_claims("claims with a number of many digits", lambda text: text[:-1] + ', "x": ' + "9" * 5000 + "}"),
    made.raw_claims("claims with a number that begins with 0", lambda text: text[:-1] + ', "x": 01}'),
    made.raw_claims("a claim's name with NUL", lambda text: text[:-1] + ', "x\\u0000": 1}'),
    made.raw_claims("an inner name with a lone surrogate", lambda text: text[:-1] + ', "x": [{"\\ud800": 1}]}'),
    made.raw_claims("jti with NUL", lambda text: text[:-1] + ', "jti": "x\\u0000"}'),
    made.raw_claims("email with a lone surrogate", lambda text: text[:-1] + ', "email": "a\\ud800@example.org"}'),
    made.raw_claims("claims with more behind", lambda text: text + "{}"),
    made.attack("compressed claims", "malformed", _compressed),
    made.attack(
        "a token within the token", "malformed", lambda signer, claims: signer.token(signer.token(claims).encode())
    ),
]

ALGORITHM = [
    *(
        made.unsigned(spelling, signature)
        for spelling in ("none", "None", "NONE", "nOnE", " none", "none ", "", "n\u00f6ne", "NoNe\t")
        for signature in ("", "AAAA")
    ),
    *(
        made.with_hmac(f"HMAC with the public key's PEM, {bits}", Signer.pem, bits)
        for bits in ("HS256", "HS384", "HS512")
    ),
    made.with_hmac("HMAC with the PEM without its last newline", lambda signer: signer.pem().strip()),
    made.with_hmac("HMAC with the PEM, its lines ended twice", lambda signer: signer.pem().replace(b"\n", b"\r\n")),
    made.with_hmac("HMAC with the public key's DER", _spki),
    made.with_hmac("HMAC with the public key's DER in base64", lambda signer: base64.b64encode(_spki(signer))),
    made.with_hmac("HMAC with the public number", _public_number),
    made.with_hmac("HMAC with the JWK's text", lambda signer: json.dumps(signer.jwk()).encode()),
    made.with_hmac(
        "HMAC with the JWK's compact text", lambda signer: json.dumps(signer.jwk(), separators=(",", ":")).encode()
    ),
    made.with_hmac("HMAC with the key set's text", lambda signer: json.dumps({"keys": [signer.jwk()]}).encode()),
    made.with_hmac("HMAC with nothing", lambda signer: b""),
    made.with_hmac("HMAC with zeros", lambda signer: b"\0" * 32),
    made.with_hmac("HMAC with the client id", lambda signer: b"client-1"),
    made.with_hmac("HMAC with a client secret", lambda signer: b"a secret of the client & more"),
    made.with_hmac("HMAC with the kid", lambda signer: str(signer.kid).encode()),
    made.header("a good signature called HS256", "algorithm_not_allowed", alg="HS256"),
    made.header("a good signature called none", "algorithm_not_allowed", alg="none"),
    made.header("algorithm in lower case", "algorithm_not_allowed", alg=lambda signer: signer.algorithm.lower()),
    made.header("algorithm with a hyphen", "algorithm_not_allowed", alg="RS-256"),
    made.header("algorithm in full-width letters", "algorithm_not_allowed", alg="\uff32\uff33256"),
    made.header("algorithm of encryption", "algorithm_not_allowed", alg="RSA-OAEP"),
    made.header("algorithm of direct encryption", "algorithm_not_allowed", alg="dir"),
    made.header("algorithm of a password", "algorithm_not_allowed", alg="PBES2-HS256+A128KW", p2c=10**9),
    made.header("algorithm unknown", "algorithm_not_allowed", alg="RS1"),
    made.header("algorithm ES256K", "algorithm_not_allowed", alg="ES256K"),
    made.header("algorithm with space", "algorithm_not_allowed", alg="RS256 "),
    made.header("algorithms with a comma", "algorithm_not_allowed", alg="RS256,ES256,none"),
    made.header("algorithm very long", "algorithm_not_allowed", alg="RS256" * 500),
    made.header(
        "algorithm of another kind of key",
        "algorithm_not_allowed unknown_key",
        alg=lambda signer: "RS256" if signer.algorithm[:2] == "ES" else "ES256",
    ),
    made.header("algorithm of another hash", "algorithm_not_allowed unknown_key", alg=_other_hash),
    made.header("algorithm of another curve", "algorithm_not_allowed unknown_key", alg="EdDSA"),
    made.header(
        "algorithm of another padding",
        "algorithm_not_allowed unknown_key",
        alg=lambda signer: "PS256" if signer.algorithm != "PS256" else "RS256",
    ),
]

HEADER = [
    made.header("crit b64", "malformed", crit=["b64"], b64=True),
    made.header("crit unencoded payload", "malformed", crit=["b64"], b64=False),
    made.header("b64 without crit", "malformed", b64=False),
    made.header("b64 true without crit", "malformed", b64=True),
    made.header("b64 null", "malformed", b64=NULL),
    made.header("crit empty", "malformed", crit=[]),
    made.header("crit null", "malformed", crit=NULL),
    made.header("crit of an unknown extension", "malformed", crit=["x"], x=1),
    made.header("crit exp", "malformed", crit=["exp"], exp=1),
    made.header("crit alg", "malformed", crit=["alg"]),
    made.header("crit of a member that is not there", "malformed", crit=["http://example.com/UNDEFINED"]),
    made.header("crit text", "malformed", crit="b64"),
    made.header("crit an object", "malformed", crit={"b64": True}),
    made.header("access token", "wrong_type", typ="at+jwt"),
    made.header("access token, media type", "wrong_type", typ="application/at+jwt"),
    made.header("access token, other case", "wrong_type", typ="AT+JWT"),
    made.header("logout token", "wrong_type", typ="logout+jwt"),
    made.header("logout token, media type", "wrong_type", typ="application/logout+jwt"),
    made.header("logout token, other case", "wrong_type", typ="Logout+JWT"),
    made.header("security event", "wrong_type", typ="secevent+jwt"),
    made.header("proof of possession", "wrong_type", typ="dpop+jwt"),
    made.header("authorization request", "wrong_type", typ="oauth-authz-req+jwt"),
    made.header("introspection response", "wrong_type", typ="token-introspection+jwt"),
    made.header("client assertion", "wrong_type", typ="client-authentication+jwt"),
    made.header("credential", "wrong_type", typ="dc+sd-jwt"),
    made.header("encrypted kind", "wrong_type", typ="JWE"),
    made.header("typ JOSE", "wrong_type", typ="JOSE"),
    made.header("typ empty", "wrong_type", typ=""),
    made.header("typ with a space", "wrong_type", typ="JWT "),
    made.header("typ with a parameter", "wrong_type", typ="jwt;charset=utf-8"),
    made.header("typ twice a media type", "wrong_type", typ="application/application/jwt"),
    made.header("typ of text", "wrong_type", typ="text/plain"),
    made.header("typ a number", "malformed", typ=1),
    made.header("typ null", "malformed", typ=NULL),
    made.header("typ true", "malformed", typ=True),
    made.header("typ a list", "malformed", typ=["JWT"]),
    made.header("kid a number", "malformed", kid=1),
    made.header("kid null", "malformed", kid=NULL),
    made.header("kid true", "malformed", kid=True),
    made.header("kid a list", "malformed", kid=lambda signer: [signer.kid]),
    made.header("kid an object", "malformed", kid={"a": 1}),
    made.header("kid empty", "malformed", kid=""),
    made.header("kid very long", "malformed", kid="k" * 2000),
    made.header("kid with NUL", "malformed", kid=lambda signer: f"{signer.kid}\0"),
    made.header("kid unknown", "unknown_key keys_unavailable", kid="another"),
    made.header("kid with a space", "unknown_key keys_unavailable", kid=lambda signer: f"{signer.kid} "),
    made.header("kid a part of ours", "unknown_key keys_unavailable", kid=lambda signer: str(signer.kid)[:-1]),
    made.header("kid of SQL", "unknown_key keys_unavailable", kid="x' OR '1'='1"),
    made.header("kid of a path", "unknown_key keys_unavailable", kid="../../../../dev/null"),
    made.header("kid of an address", "unknown_key keys_unavailable", kid="http://127.0.0.1:1/keys"),
    made.header("kid of a command", "unknown_key keys_unavailable", kid="key-1; sleep 5 | $(id)"),
]

KEY = [
    made.text("signature of other bytes", _flip, "bad_signature"),
    made.signature("signature of zeros", lambda good: b"\x00" * len(good)),
    made.signature("signature of ones", lambda good: b"\xff" * len(good)),
    made.signature("signature of the number one", lambda good: b"\x00" * (len(good) - 1) + b"\x01"),
    made.signature("signature of the numbers one and one", lambda good: (b"\0" * (len(good) // 2 - 1) + b"\1") * 2),
    made.signature("signature one byte short", lambda good: good[:-1]),
    made.signature("signature one byte long", lambda good: good + b"\0"),
    made.signature("signature one byte long in front", lambda good: b"\0" + good),
    made.signature("signature of one byte", lambda good: b"\0"),
    made.signature("signature twice", lambda good: good * 2),
    made.signature("signature backwards", lambda good: good[::-1]),
    made.signature("signature with its halves exchanged", lambda good: good[len(good) // 2 :] + good[: len(good) // 2]),
    made.signature("signature in DER", _der),
    made.signature("signature in hexadecimal", lambda good: good.hex().encode()),
    made.signature("signature in base64 twice", lambda good: b64(good).encode()),
    made.signature("signature in one bit another", lambda good: good[:-1] + bytes([good[-1] ^ 1])),
    made.resigned("signature of the claims alone", lambda signed: signed.partition(".")[2].encode()),
    made.resigned("signature of the header alone", lambda signed: signed.partition(".")[0].encode()),
    made.resigned(
        "signature of what was decoded", lambda signed: base64.urlsafe_b64decode(signed.partition(".")[2] + "==")
    ),
    made.resigned("signature of a line more", lambda signed: signed.encode() + b"\n"),
    made.resigned("signature of nothing", lambda signed: b""),
    made.attack(
        "claims of another token",
        "bad_signature",
        lambda signer, claims: made.part(1, lambda part: signer.token(claims | {"sub": "admin"}).split(".")[1])(
            signer.token(claims)
        ),
    ),
    made.attack(
        "header of another token",
        "bad_signature",
        lambda signer, claims: made.part(0, lambda part: signer.token(claims, x=1).split(".")[0])(signer.token(claims)),
    ),
    made.other_key(
        "an attacker's key under our kid", "bad_signature", lambda attacker, signer, claims: attacker.token(claims)
    ),
    made.other_key(
        "an attacker's key without kid",
        "bad_signature unknown_key",
        lambda attacker, signer, claims: attacker.token(claims, kid=None),
    ),
    made.other_key(
        "key in the header (jwk)",
        "bad_signature",
        lambda attacker, signer, claims: attacker.token(claims, jwk=attacker.jwk()),
    ),
    made.other_key(
        "key in the header (jwk) under a kid of its own",
        "unknown_key keys_unavailable",
        lambda attacker, signer, claims: attacker.token(claims, kid="mine", jwk=attacker.jwk(kid="mine")),
    ),
    made.other_key(
        "key in the header (jwk) without kid",
        "bad_signature unknown_key",
        lambda attacker, signer, claims: attacker.token(claims, kid=None, jwk=attacker.jwk(kid=None)),
    ),
    made.other_key(
        "key set in the header (jwks)",
        "bad_signature",
        lambda attacker, signer, claims: attacker.token(claims, jwks={"keys": [attacker.jwk()]}),
    ),
    made.other_key(
        "key behind a URL in the header (jku, x5u)",
        "bad_signature",
        lambda attacker, signer, claims: attacker.token(
            claims, jku="http://127.0.0.1:1/keys", x5u="http://127.0.0.1:1/c"
        ),
    ),
    made.other_key(
        "key behind a URL at the issuer (jku, x5u)",
        "bad_signature",
        lambda attacker, signer, claims: attacker.token(
            claims, jku=f"{claims['iss']}/attackers-keys", x5u=f"{claims['iss']}/attackers-keys"
        ),
    ),
    made.other_key(
        "key in a certificate in the header (x5c)",
        "bad_signature",
        lambda attacker, signer, claims: attacker.token(claims, x5c=[base64.b64encode(attacker.pem()).decode()]),
    ),
    made.other_key(
        "key in the claims (cnf)",
        "bad_signature",
        lambda attacker, signer, claims: attacker.token(claims | {"cnf": {"jwk": attacker.jwk()}}),
    ),
    made.other_key(
        "key of an issuer named in the header",
        "bad_signature",
        lambda attacker, signer, claims: attacker.token(claims, iss="https://evil.example"),
    ),
]

CLAIMS = [
    made.claims("issuer missing", "missing_claim wrong_issuer", iss=None),
    made.claims("issuer null", "missing_claim wrong_issuer malformed", iss=NULL),
    made.claims("issuer of another", "wrong_issuer", iss="https://evil.example"),
    made.claims("issuer with a slash more", "wrong_issuer", iss=lambda claims: claims["iss"] + "/"),
    made.claims("issuer in capitals", "wrong_issuer", iss=lambda claims: claims["iss"].upper()),
    made.claims("issuer with a space", "wrong_issuer", iss=lambda claims: claims["iss"] + " "),
    made.claims("issuer with a space before", "wrong_issuer", iss=lambda claims: " " + claims["iss"]),
    made.claims("issuer with a newline", "wrong_issuer", iss=lambda claims: claims["iss"] + "\n"),
    made.claims("issuer with a dot more", "wrong_issuer", iss=lambda claims: claims["iss"] + "."),
    made.claims("issuer with a query", "wrong_issuer", iss=lambda claims: claims["iss"] + "?"),
    made.claims("issuer with a fragment", "wrong_issuer", iss=lambda claims: claims["iss"] + "#"),
    made.claims("issuer within another", "wrong_issuer", iss=lambda claims: claims["iss"] + ".evil.example"),
    made.claims("issuer behind a user name", "wrong_issuer", iss=lambda claims: f"https://{claims['iss']}@evil.example"),
    made.claims("issuer cut short", "wrong_issuer", iss=lambda claims: claims["iss"][:-1]),
    made.claims("issuer by another scheme", "wrong_issuer", iss=lambda claims: "x" + claims["iss"]),
    made.claims("issuer with a look-alike letter", "wrong_issuer", iss=lambda claims: claims["iss"].replace("t", "\u0442")),
    made.claims("issuer a list", "wrong_issuer malformed", iss=lambda claims: [claims["iss"]]),
    made.claims("issuer an object", "wrong_issuer malformed", iss=lambda claims: {claims["iss"]: 1}),
    made.claims("issuer a number", "wrong_issuer malformed", iss=1),
    made.claims("issuer false", "wrong_issuer malformed", iss=False),
    made.claims("issuer empty", "wrong_issuer missing_claim", iss=""),
    made.claims("audience missing", "missing_claim wrong_audience", aud=None),
    made.claims("audience null", "missing_claim wrong_audience malformed", aud=NULL),
    made.claims("audience empty", "missing_claim wrong_audience", aud=""),
    made.claims("audience of another", "wrong_audience", aud="client-2"),
    made.claims("audience in other case", "wrong_audience", aud=lambda claims: claims["aud"].swapcase()),
    made.claims("audience a part of ours", "wrong_audience", aud=lambda claims: claims["aud"][:-1]),
    made.claims("audience with ours within", "wrong_audience", aud=lambda claims: claims["aud"] + " other"),
    made.claims("audience with a space", "wrong_audience", aud=lambda claims: claims["aud"] + " "),
    made.claims("audiences with a comma", "wrong_audience", aud=lambda claims: f"other,{claims['aud']}"),
    made.claims("audience of every client", "wrong_audience", aud="*"),
    made.claims("audiences none", "wrong_audience missing_claim", aud=[]),
    made.claims("audiences of others", "wrong_audience", aud=["client-2", "client-3"]),
    made.claims("audience an object", "wrong_audience malformed", aud=lambda claims: {claims["aud"]: True}),
    made.claims("audience true", "wrong_audience malformed", aud=True),
    made.claims("audience a number", "wrong_audience malformed", aud=1),
    made.claims("audiences with a number", "wrong_audience malformed", aud=lambda claims: [claims["aud"], 1]),
    made.claims("audiences with null", "wrong_audience malformed", aud=lambda claims: [claims["aud"], None]),
    made.claims("audiences nested", "wrong_audience malformed", aud=lambda claims: [[claims["aud"]]]),
    made.claims("audiences, issued to another", "wrong_audience", aud=lambda claims: [claims["aud"], "b"], azp="b"),
    made.claims("audiences, issued to nobody", "wrong_audience", aud=lambda claims: [claims["aud"], "b"], azp=""),
    made.claims(
        "audiences, issued to a list", "wrong_audience", aud=lambda claims: [claims["aud"], "b"],
        azp=lambda claims: [claims["aud"]],
    ),
    made.claims("exp missing", "missing_claim", exp=None),
    made.claims("exp null", "missing_claim malformed", exp=NULL),
    made.claims("expired", "expired", exp=lambda claims: claims["iat"] - 120),
    made.claims("exp zero", "expired", exp=0),
    made.claims("exp negative", "expired malformed", exp=-1),
    made.claims("exp a vast negative number", "expired malformed", exp=-1e300),
    made.claims("exp text", "malformed", exp=lambda claims: str(claims["exp"])),
    made.claims("exp a date", "malformed", exp="2099-01-01T00:00:00Z"),
    made.claims("exp empty", "malformed", exp=""),
    made.claims("exp true", "malformed", exp=True),
    made.claims("exp a list", "malformed", exp=lambda claims: [claims["exp"]]),
    made.claims("exp an object", "malformed", exp={}),
    made.claims("exp beyond all bounds", "malformed", exp=10**400),
    made.claims("exp a vast number", "malformed", exp=1e300),
    made.claims("nbf ahead", "not_yet_valid", nbf=lambda claims: claims["iat"] + 300),
    made.claims("nbf null", "malformed", nbf=NULL),
    made.claims("nbf text", "malformed", nbf="0"),
    made.claims("nbf true", "malformed", nbf=True),
    made.claims("nbf a list", "malformed", nbf=[0]),
    made.claims("nbf beyond all bounds", "malformed", nbf=10**400),
    made.claims("iat ahead", "not_yet_valid", iat=lambda claims: claims["iat"] + 300),
    made.claims("iat null", "malformed missing_claim", iat=NULL),
    made.claims("iat text", "malformed", iat=lambda claims: str(claims["iat"])),
    made.claims("iat false", "malformed", iat=False),
    made.claims("iat a list", "malformed", iat=[0]),
    made.claims("iat an object", "malformed", iat={"$gt": 0}),
    made.claims("iat beyond all bounds", "malformed", iat=10**400),
    made.claims("jti a number", "malformed", jti=1),
    made.claims("jti null", "malformed", jti=NULL),
    made.claims("jti a list", "malformed", jti=["1"]),
    # A logout token (OpenID Connect Back-Channel Logout 1.0) where the provider gives it the typ of an ID token.
    made.claims(
        "logout token by its claims", "wrong_type",
        events={"http://schemas.openid.net/event/backchannel-logout": {}}, jti="1", sid="s",
    ),
    made.claims("events of another kind", "wrong_type", events={"https://schemas.example/event": {}}),
    made.claims("events empty", "wrong_type", events={}),
    made.claims("events null", "wrong_type", events=NULL),
    made.claims("events a list", "wrong_type", events=[]),
]  # fmt: skip

ANY_DOOR = [*FORM, *ALGORITHM, *HEADER, *KEY, *CLAIMS]

LOGIN = [
    made.claims("iat missing", "missing_claim", iat=None),
    made.claims("sub missing", "missing_claim", sub=None),
    made.claims("sub null", "missing_claim malformed", sub=NULL),
    made.claims("sub empty", "malformed missing_claim", sub=""),
    made.claims("sub of spaces", "malformed missing_claim", sub="  "),
    made.claims("sub a number", "malformed", sub=1),
    made.claims("sub a fraction", "malformed", sub=1.5),
    made.claims("sub a list", "malformed", sub=["person-1"]),
    made.claims("sub an object", "malformed", sub={"a": 1}),
    made.claims("sub true", "malformed", sub=True),
    made.claims("sub too long", "malformed", sub="s" * 256),
    made.claims("sub with a control character", "malformed", sub="person\n1"),
    made.claims("sub with NUL", "malformed", sub="person-1\0"),
    made.claims("sub with a letter that is not seen", "malformed", sub="person-1\u200b"),
    made.claims("sub that turns the text around", "malformed", sub="\u202eperson-1"),
    made.claims("nonce missing", "wrong_nonce", nonce=None),
    made.claims("nonce null", "wrong_nonce", nonce=NULL),
    made.claims("nonce of another", "wrong_nonce", nonce="another"),
    made.claims("nonce empty", "wrong_nonce", nonce=""),
    made.claims("nonce a part of ours", "wrong_nonce", nonce=lambda claims: claims["nonce"][:-1]),
    made.claims("nonce in other case", "wrong_nonce", nonce=lambda claims: claims["nonce"].swapcase()),
    made.claims("nonce with a space", "wrong_nonce", nonce=lambda claims: claims["nonce"] + " "),
    made.claims("nonce a list", "wrong_nonce", nonce=lambda claims: [claims["nonce"]]),
    made.claims("nonce true", "wrong_nonce", nonce=True),
    made.claims("nonce zero", "wrong_nonce", nonce=0),
    made.claims("azp of another", "wrong_audience", azp="client-2"),
    made.claims("azp a list", "wrong_audience", azp=lambda claims: [claims["aud"]]),
    made.claims("azp empty", "wrong_audience", azp=""),
    made.claims("azp null", "wrong_audience", azp=NULL),
    made.claims("azp true", "wrong_audience", azp=True),
    made.claims("azp with a space", "wrong_audience", azp=lambda claims: claims["aud"] + " "),
    made.claims("audiences without azp", "wrong_audience", aud=lambda claims: [claims["aud"], "client-2"]),
    made.claims("audiences with the other's azp", "wrong_audience", aud=lambda claims: [claims["aud"], "b"], azp="b"),
    made.claims("at_hash of another", "wrong_access_token_hash", at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    made.claims("at_hash empty", "wrong_access_token_hash missing_claim", at_hash=""),
    made.claims("at_hash null", "wrong_access_token_hash missing_claim", at_hash=NULL),
    made.claims("at_hash a number", "wrong_access_token_hash", at_hash=1),
    made.claims("at_hash true", "wrong_access_token_hash", at_hash=True),
    made.claims("at_hash a list", "wrong_access_token_hash", at_hash=[]),
]
