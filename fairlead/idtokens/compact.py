"""Taking a compact JWS apart, strictly. Owns the form of a token; says nothing about whether to believe it.

One form only: three canonical base64url parts, two of them JSON objects without repeated members. No white space, no
padding, no JSON serialization, no encrypted token. The threat: two readers that see two different tokens in one text,
and text that makes a reader crash.
"""

from binascii import Error as BinasciiError
from binascii import a2b_base64
from functools import lru_cache
from typing import Any, NamedTuple

from fairlead.idtokens import strict_json
from fairlead.idtokens.errors import RefusalCode, TokenRefused

MAX_SIZE = 16 * 1024  # characters
_MAX_KID = 1024
# Claims that are compared, never shown alone. A pool's own id claim is checked where it is read.
_IDENTIFYING = frozenset({"iss", "sub", "aud", "azp", "sid", "jti", "nonce", "at_hash", "email", "client_id", "events"})
# To the alphabet that the decoder knows; its own two characters and the padding become ones that it refuses.
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")
# The last character of a part carries 4 or 2 unused bits. Any but zero would give one token many spellings.
_TAILS: tuple[frozenset[int] | None, ...] = (None, None, frozenset(b"AQgw"), frozenset(b"AEIMQUYcgkosw048"))
_PADDING = (b"", b"", b"==", b"=")


class Header(NamedTuple):
    """What of a header is ever used. `typ` is lower case, without `application/`."""

    algorithm: str
    kid: str | None
    typ: str | None


class Compact(NamedTuple):
    """A token taken apart. Nothing in it is verified. `altered` names the claims that held what is no text, and whose
    texts were cleaned: good for showing, not for identifying anybody."""

    header: Header
    unverified_claims: dict[str, Any]
    signing_input: bytes
    signature: bytes
    altered: frozenset[str] = frozenset()


def parse(raw_token: str, *, max_size: int = MAX_SIZE) -> Compact:
    """The parts of this token. Raises TokenRefused (malformed, too_large). Checks no signature and no claim."""
    if not isinstance(raw_token, str):
        raise _malformed("The token is not text. Send the ID token as the issuer returned it.")
    if len(raw_token) > max_size:
        raise TokenRefused(
            RefusalCode.TOO_LARGE, f"The token is longer than {max_size} characters. Have the issuer leave claims out."
        )
    raw = raw_token.encode("utf-8", "surrogatepass")
    parts = raw.translate(_TO_STANDARD).split(b".")
    if len(parts) != 3 or not all(parts):
        raise _malformed(_why_not(raw_token))
    header_part, claims_part, signature_part = parts
    header = _read_header(header_part) if len(header_part) <= 1024 else _read_header.__wrapped__(header_part)
    claims, altered = _read_claims(_decode(claims_part, "claims"))
    signature = _decode(signature_part, "signature")
    return Compact(header, claims, raw[: -len(signature_part) - 1], signature, altered)


def _read_claims(text: bytes) -> tuple[dict[str, Any], frozenset[str]]:
    try:
        claims = strict_json.loads(text, unstorable=True)
        if not isinstance(claims, dict):
            raise _malformed("The token's claims part is not a JSON object.")
        # Only an escape can bring in what is no text: most tokens have none.
        if b"\\u" not in text:
            return claims, frozenset()
        claims, altered = strict_json.cleaned(claims)
    except strict_json.NotStrictJson as error:
        raise _malformed(f"The token's claims part {error}.") from None
    if identifying := sorted(altered & _IDENTIFYING):
        raise _malformed(f"The token's {identifying[0]} holds a character that is no text.")
    return claims, altered


# Most tokens of an issuer share one header. Bounded in number and (by `parse`) in length; refusals are not kept.
@lru_cache(maxsize=1024)
def _read_header(part: bytes) -> Header:
    try:
        header = strict_json.loads(_decode(part, "header"))
    except strict_json.NotStrictJson as error:
        raise _malformed(f"The token's header {error}.") from None
    if not isinstance(header, dict):
        raise _malformed("The token's header is not a JSON object.")
    # We understand no extension, so none may be critical (RFC 7515 4.1.11); b64 changes what was signed (RFC 7797).
    for extension in ("crit", "b64"):
        if extension in header:
            raise _malformed(f"The token's header holds {extension}, which is not supported.")
    # jwk, jku, x5u and x5c are not read at all: a token must never bring the key that it is checked with.
    algorithm, kid, typ = header.get("alg"), header.get("kid"), header.get("typ")
    if not isinstance(algorithm, str):
        raise _malformed("The token's header has no alg, or one that is not text.")
    if "kid" in header and not (isinstance(kid, str) and 0 < len(kid) <= _MAX_KID):
        raise _malformed(f"The token's kid is not text of 1 to {_MAX_KID} characters.")
    if "typ" in header and not isinstance(typ, str):
        raise _malformed("The token's typ is not text.")
    return Header(algorithm, kid, None if typ is None else typ.lower().removeprefix("application/"))


def _decode(part: bytes, name: str) -> bytes:
    length = len(part) & 3
    tails = _TAILS[length]
    if length == 1 or (tails is not None and part[-1] not in tails):
        raise _malformed(f"The token's {name} part is not canonical base64url.")
    try:
        return a2b_base64(part + _PADDING[length], strict_mode=True)
    except BinasciiError:
        raise _malformed(f"The token's {name} part holds characters that are not base64url.") from None


def _malformed(detail: str) -> TokenRefused:
    return TokenRefused(RefusalCode.MALFORMED, detail)


def _why_not(raw_token: str) -> str:
    if raw_token.count(".") == 4:
        return (
            "The token has five parts: it is encrypted, and only signed tokens are accepted. Turn encryption "
            "off at the issuer."
        )
    if raw_token.lstrip().startswith("{"):
        return "The token is in the JSON serialization; send the compact form: three parts with dots between."
    if raw_token.count(".") != 2:
        return "The token is not a JWT: three parts with dots between. Send the ID token, no opaque access token."
    return "A part of the token is empty or holds characters that are not base64url: send it as it was issued."
