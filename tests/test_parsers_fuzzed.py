"""Every reader of what strangers write raises its own documented errors and nothing else, whatever it is given."""

import base64
import ipaddress
import json
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from django.conf import settings
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from accounts.errors import TokenRefused as AccessTokenRefused
from accounts.sessions import access_tokens
from fairlead import client, email_address, origins
from fairlead.conf import conf
from fairlead.idtokens import addresses, compact, discovery, jwk, keys, logout_tokens, strict_json
from fairlead.idtokens.errors import FetchRefused, MetadataRefused, TokenRefused
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import verify
from fairlead.web.bodies import BodyTooLarge, StrictJSONParser
from fairlead.web.redirects import safe_path
from oidc_login.errors import LoginRefused
from oidc_login.origins import safe_target
from tests.attacks import Issuer, Signer
from tests.configure import configure
from tests.fuzzing import examples
from tests.issuer import b64

pytestmark = pytest.mark.fuzzed
NOW = 1_800_000_000
SIGNER = Signer("ES256")
ISSUER = Issuer("http://testserver/pools/1", SIGNER)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
ODD = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=3), max_size=2)
)
NEARLY_JSON = st.text(st.sampled_from('{}[]",:\\u0dc3truefalsn-+.eE1 \n\x00\ud800é/*'), max_size=40)
URL_LETTERS = "htps:/@.[]%#?\\ \t\n\r\x00aA1-_~é。\uff0e\uff0fx$&;=,"
URLISH = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from(URL_LETTERS), max_size=30),
    st.text(st.sampled_from(URL_LETTERS), max_size=20).map(lambda text: f"https://{text}"),
    st.text(st.sampled_from(URL_LETTERS), max_size=20).map(lambda text: f"http://testserver{text}"),
    st.text(st.sampled_from(URL_LETTERS), max_size=20).map(lambda text: f"/{text}"),
)


@examples(150)
@given(raw=st.binary(max_size=60) | NEARLY_JSON | JSON.map(json.dumps))
def test_strict_json(raw: bytes | str) -> None:
    try:
        value = strict_json.loads(raw)
    except strict_json.NotStrictJson:
        return
    # Stricter than the reader that everybody has, never another value.
    assert json.loads(raw) == value
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()


@examples(150)
@given(parts=st.lists(JSON.map(json.dumps) | NEARLY_JSON, min_size=2, max_size=3), signature=st.binary(max_size=8))
def test_compact(parts: list[str], signature: bytes) -> None:
    raw = ".".join([*(b64(part.encode("utf-8", "surrogatepass")) for part in parts[:2]), b64(signature)])
    try:
        token = compact.parse(raw)
    except TokenRefused:
        return
    assert isinstance(token.unverified_claims, dict)


MEMBERS = ["kty", "n", "e", "x", "y", "crv", "use", "key_ops", "alg", "kid", "x5c", "k"]
ENTRY = st.dictionaries(st.sampled_from(MEMBERS), ODD, max_size=4)
GOOD_ENTRIES = [SIGNER.jwk(), Signer("EdDSA").jwk(), Signer("RS256").jwk()]


@examples(150)
@given(good=st.sampled_from(GOOD_ENTRIES), changed=ENTRY, dropped=st.sets(st.sampled_from(MEMBERS), max_size=2))
def test_jwk(good: dict[str, Any], changed: dict[str, Any], dropped: set[str]) -> None:
    entry = {name: value for name, value in (good | changed).items() if name not in dropped}
    try:
        key = jwk.parse(entry)
    except jwk.NotUsable:
        return
    assert key.algorithms


@examples(80)
@given(document=JSON | st.lists(JSON | ENTRY, max_size=3).map(lambda entries: {"keys": entries}))
def test_key_sets(document: Any) -> None:
    try:
        found = keys.parse(document)
    except keys.NotAKeySet:
        return
    assert found.keys == () or all(key.algorithms for key in found.keys)


METADATA = [
    "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "introspection_endpoint",
    "end_session_endpoint", "id_token_signing_alg_values_supported", "token_endpoint_auth_methods_supported",
    "code_challenge_methods_supported", "authorization_response_iss_parameter_supported",
]  # fmt: skip


def only_https(url: str) -> None:
    if not url.startswith("https://"):
        raise FetchRefused("no https")


@examples(150)
@given(
    changed=st.dictionaries(st.sampled_from(METADATA), ODD | st.lists(st.sampled_from(["RS256", "none", "HS256"]))),
    dropped=st.sets(st.sampled_from(METADATA), max_size=2),
)
def test_discovery(changed: dict[str, Any], dropped: set[str]) -> None:
    issuer = "https://issuer.example"
    good = {name: f"{issuer}/{name}" for name in METADATA if name.endswith(("_endpoint", "_uri"))} | {"issuer": issuer}
    document = {name: value for name, value in (good | changed).items() if name not in dropped}
    try:
        found = discovery.read(discovery.parse(document), issuer=issuer, check_url=only_https)
    except (FetchRefused, MetadataRefused):
        return
    assert found.issuer == document["issuer"]
    assert found.id_token_algorithms
    assert not found.id_token_algorithms & {"none", "HS256"}
    assert all(
        url.startswith("https://") for url in (found.token_endpoint, found.jwks_uri, found.authorization_endpoint)
    )


@examples(80)
@given(document=JSON)
def test_any_document_as_discovery(document: Any) -> None:
    try:
        discovery.read_jwks_uri(discovery.parse(document), issuer="https://issuer.example", check_url=only_https)
    except (FetchRefused, MetadataRefused):
        return
    raise AssertionError("an arbitrary document was believed")


@examples(200)
@given(url=URLISH)
def test_origins(url: str) -> None:
    try:
        place = origins.read(url)
    except ValueError:
        return
    # One spelling: what was read is read alike again, and by the standard library too.
    assert origins.of(place.origin) == place.origin
    assert urlsplit(place.origin).hostname == place.host
    assert place.origin.isascii()


@examples(200)
@given(text=st.text(max_size=40) | st.text(st.sampled_from("aA@.-+_\"'<>() éß\u0130\u212a。x\x00\n0"), max_size=20))
def test_email_address(text: str) -> None:
    try:
        made = email_address.canonical(text)
    except email_address.InvalidAddress:
        return
    assert made.isascii()
    assert email_address.canonical(made) == made


@examples(200)
@given(text=URLISH)
def test_redirects(text: str) -> None:
    found = safe_path(text)
    if found is None:
        return
    assert found == text
    # What a browser does before it reads: drop tabs and line breaks, take back slashes for slashes.
    read = found.replace("\\", "/").translate({9: None, 10: None, 13: None})
    assert read.startswith("/")
    assert not read.startswith("//")


@examples(200)
@given(text=URLISH)
def test_targets_of_a_sign_in(text: str) -> None:
    try:
        target = safe_target(text, ends_at="http://testserver")
    except LoginRefused:
        return
    assert target.startswith("/") or urlsplit(target).netloc == "testserver"


@examples(100)
@given(address=st.text(max_size=30) | st.ip_addresses().map(str))
def test_addresses(address: str) -> None:
    if addresses.is_public(address):
        assert ipaddress.ip_address(address).is_global


HOPS = (
    st.text(max_size=30)
    | st.ip_addresses().map(str)
    | st.sampled_from(["unknown", "[::1]:80", "1.2.3.4:5", "fe80::1%x", ""])
)


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_client_address(settings: Any, proxies: int) -> None:
    configure(settings, TRUSTED_PROXIES=proxies)

    @examples(60)
    @given(hops=st.lists(HOPS, max_size=4), remote=HOPS)
    def property_holds(hops: list[str], remote: str) -> None:
        request = RequestFactory().get("/")
        request.META.update({"HTTP_X_FORWARDED_FOR": ",".join(hops), "REMOTE_ADDR": remote})
        ipaddress.ip_address(client.address(request))
        network = client.network(request)
        assert ipaddress.ip_network(network).num_addresses in {1, 2**64}
        assert len(network) < 50

    property_holds()


class Stream:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def read(self, size: int) -> bytes:
        return self.raw[:size]


@examples(150)
@given(
    raw=st.binary(max_size=60) | NEARLY_JSON.map(lambda text: text.encode("utf-8", "surrogatepass")),
    length=st.text(max_size=6) | st.none(),
)
def test_bodies(raw: bytes, length: str | None) -> None:
    request = RequestFactory().post("/")
    request.META["CONTENT_LENGTH"] = length
    try:
        StrictJSONParser().parse(Stream(raw), parser_context={"request": request})
    except (ParseError, BodyTooLarge):
        return
    json.loads(raw)


LOGOUT = logout_tokens.policy(issuer=ISSUER.url, client_id="client-1", algorithms=["ES256"])
LOGOUT_MEMBERS = st.sampled_from(["events", "sub", "sid", "jti", "nonce", "iat", "exp", "aud", "iss", "azp"])


@examples(150)
@given(changed=st.dictionaries(LOGOUT_MEMBERS, ODD | JSON, max_size=3), dropped=st.sets(LOGOUT_MEMBERS, max_size=2))
def test_logout_tokens(changed: dict[str, Any], dropped: set[str]) -> None:
    good = ISSUER.claims(now=NOW) | {"jti": "1", "sid": "s", "events": {logout_tokens.EVENT: {}}}
    claims = {name: value for name, value in (good | changed).items() if name not in dropped}
    try:
        found = logout_tokens.verify(SIGNER.token(claims), policy=LOGOUT, keys=keys.parse(ISSUER.jwks()), now=NOW)
    except TokenRefused:
        return
    assert found.subject or found.sid
    assert "nonce" not in claims


# Our own tokens, and those of hosted pools: PyJWT is the oracle here too.
NAMES = st.sampled_from(["exp", "nbf", "iat", "iss", "aud", "sub", "sid", "jti", "azp"])
ODD_CLAIMS = ODD | st.sampled_from([NOW, NOW + 1, NOW - 1, NOW + 0.5, 10**30, "1", "client-1", ["client-1"], {}])
HOSTED = Policy.for_pool(algorithms=["ES256"], issuer=ISSUER.url, audiences=["client-1"], leeway=0)


def pyjwt_takes(raw: str, key: Any, algorithm: str, *, issuer: str, audience: str, required: list[str]) -> bool:
    options: Any = {
        "require": required,
        "verify_sub": "sub" in required,
        "verify_iat": False,
        "verify_nbf": algorithm != "HS256",
    }
    try:
        jwt.decode(raw, key, algorithms=[algorithm], audience=audience, issuer=issuer, options=options)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        return False
    return True


@pytest.fixture
def _now(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.mark.usefixtures("_now")
def test_what_pyjwt_refuses_a_hosted_pool_refuses() -> None:
    @examples(100)
    @given(changed=st.dictionaries(NAMES, ODD_CLAIMS, max_size=2), dropped=st.sets(NAMES, max_size=1))
    def property_holds(changed: dict[str, Any], dropped: set[str]) -> None:
        claims = {name: value for name, value in (ISSUER.claims(now=NOW) | changed).items() if name not in dropped}
        raw = SIGNER.token(claims)
        try:
            verify(raw, policy=HOSTED, keys=keys.parse(ISSUER.jwks()), now=NOW)
        except TokenRefused:
            return
        public = SIGNER.key.public_key()
        assert pyjwt_takes(raw, public, "ES256", issuer=ISSUER.url, audience="client-1", required=["exp", "iss", "aud"])

    property_holds()


def ours(claims: dict[str, Any]) -> str:
    key = access_tokens.key(settings.SECRET_KEY, "access token")
    return jwt.encode(claims, key, algorithm="HS256", headers={"typ": "at+jwt"})


@pytest.mark.usefixtures("_now")
def test_what_pyjwt_refuses_our_own_door_refuses() -> None:
    site = conf().origin
    ids = dict.fromkeys(("sub", "sid"), "00000000-0000-4000-8000-000000000000")
    good = {"iss": site, "aud": site, "iat": NOW, "exp": NOW + 600, "jti": "1", **ids}
    signing_key = access_tokens.key(settings.SECRET_KEY, "access token")

    @examples(100)
    @given(changed=st.dictionaries(NAMES, ODD_CLAIMS, max_size=2), dropped=st.sets(NAMES, max_size=1))
    def property_holds(changed: dict[str, Any], dropped: set[str]) -> None:
        claims = {name: value for name, value in (good | changed).items() if name not in dropped}
        try:
            raw = ours(claims)
        except TypeError:
            return  # PyJWT does not write such a token at all
        try:
            access_tokens.read(raw, now=NOW)
        except AccessTokenRefused:
            return
        required = ["iss", "aud", "sub", "sid", "iat", "exp", "jti"]
        assert pyjwt_takes(raw, signing_key, "HS256", issuer=site, audience=site, required=required)

    property_holds()


@examples(150)
@given(
    raw=st.text(max_size=200)
    | st.lists(st.binary(max_size=40), max_size=4).map(lambda parts: ".".join(map(b64, parts)))
)
def test_our_own_door_takes_no_text_that_we_did_not_write(raw: str) -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"at+jwt"}').rstrip(b"=").decode()
    for text in (raw, f"{header}.{raw}", f"{header}.{raw}.{'A' * 43}"):
        with pytest.raises(AccessTokenRefused):
            access_tokens.read(text, now=NOW)
