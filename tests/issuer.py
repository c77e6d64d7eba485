"""An issuer of tokens for tests: real keys, real signatures, a key endpoint on a real socket that counts its calls."""

import base64
import json
import threading
import time
from contextlib import suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVES = {
    "ES256": (ec.SECP256R1, "P-256", 32),
    "ES384": (ec.SECP384R1, "P-384", 48),
    "ES512": (ec.SECP521R1, "P-521", 66),
}
HASHES = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int, size: int | None = None) -> str:
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8))


@cache
def rsa_key(bits: int = 2048, name: str = "") -> rsa.RSAPrivateKey:
    """Made once per name in a test run: making one takes longer than most tests."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


class Signer:
    """One private key that signs with one algorithm (any of the ten)."""

    def __init__(self, algorithm: str = "RS256", *, kid: str | None = "key-1", name: str = "", key: Any = None) -> None:
        self.algorithm, self.kid = algorithm, kid
        if key is not None:
            self.key = key
        elif algorithm[:2] in {"RS", "PS"}:
            self.key = rsa_key(name=name)
        elif algorithm == "EdDSA":
            self.key = Ed25519PrivateKey.generate()
        else:
            self.key = ec.generate_private_key(CURVES[algorithm][0]())

    def signature(self, data: bytes) -> bytes:
        if self.algorithm == "EdDSA":
            return self.key.sign(data)
        one = HASHES[self.algorithm[2:]]()
        if self.algorithm.startswith("RS"):
            return self.key.sign(data, padding.PKCS1v15(), one)
        if self.algorithm.startswith("PS"):
            return self.key.sign(data, padding.PSS(padding.MGF1(one), one.digest_size), one)
        size = CURVES[self.algorithm][2]
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(one)))
        return r.to_bytes(size) + s.to_bytes(size)

    def jwk(self, **members: Any) -> dict[str, Any]:
        """The public key. Members given here are added; those given as None are left out."""
        public = self.key.public_key()
        entry: dict[str, Any] = {"kid": self.kid, "use": "sig", "alg": self.algorithm}
        if isinstance(public, rsa.RSAPublicKey):
            numbers = public.public_numbers()
            entry |= {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
        elif isinstance(public, ec.EllipticCurvePublicKey):
            _, curve, size = CURVES[self.algorithm]
            point = public.public_numbers()
            entry |= {"kty": "EC", "crv": curve, "x": number(point.x, size), "y": number(point.y, size)}
        else:
            entry |= {"kty": "OKP", "crv": "Ed25519", "x": b64(public.public_bytes(Encoding.Raw, PublicFormat.Raw))}
        return {name: value for name, value in (entry | members).items() if value is not None}

    def pem(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def token(self, claims: dict[str, Any] | bytes, **header: Any) -> str:
        """A signed token. Header members given here are added; those given as None are left out."""
        members = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT"} | header
        return self.sign({name: value for name, value in members.items() if value is not None}, claims)

    def sign(self, header: dict[str, Any] | bytes, claims: dict[str, Any] | bytes) -> str:
        """A token of exactly these parts, whatever they are, under a good signature."""
        parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, claims)]
        signed = ".".join(b64(part) for part in parts)
        return f"{signed}.{b64(self.signature(signed.encode()))}"


class Issuer:
    """Several signers under one issuer identifier."""

    def __init__(self, url: str = "https://issuer.example", *signers: Signer) -> None:
        self.url = url
        self.signers = list(signers) or [Signer()]

    @property
    def signer(self) -> Signer:
        return self.signers[0]

    def jwks(self) -> dict[str, Any]:
        return {"keys": [signer.jwk() for signer in self.signers]}

    def claims(self, **members: Any) -> dict[str, Any]:
        """Good claims, now. Members given as None are left out."""
        now = int(members.pop("now", time.time()))
        good = {"iss": self.url, "aud": "client-1", "sub": "person-1", "iat": now, "exp": now + 600}
        return {name: value for name, value in (good | members).items() if value is not None}

    def token(self, **members: Any) -> str:
        return self.signer.token(self.claims(**members))


class KeyServer:
    """Serves an issuer's discovery document at its well-known path and its keys at /keys. Use as a context manager.

    Change `status`, `delay` (seconds), `documents[path]` or `headers` at any time; `count(path)` says how often asked.
    """

    def __init__(self, *signers: Signer) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.delay = 0.0
        self.headers: dict[str, str] = {}
        self.documents: dict[str, Any] = {}
        self.released = threading.Event()
        self.released.set()
        server = self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{server.server_address[1]}"
        self.issuer = Issuer(self.origin, *signers)
        self.jwks_uri = f"{self.origin}/keys"

    def metadata(self, **members: Any) -> dict[str, Any]:
        return {
            "issuer": self.issuer.url,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "userinfo_endpoint": f"{self.origin}/userinfo",
            "jwks_uri": self.jwks_uri,
            "id_token_signing_alg_values_supported": ["RS256"],
        } | members

    def count(self, path: str = "/keys") -> int:
        return self.asked.count(path)

    def hold(self) -> None:
        """Let calls hang until `released.set()`."""
        self.released.clear()

    def __enter__(self) -> "KeyServer":
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(outer) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the inner class has the self
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5

            def do_GET(self) -> None:
                with suppress(OSError):
                    self.answer()

            def answer(self) -> None:
                path = self.path.partition("?")[0]
                outer.asked.append(path)
                time.sleep(outer.delay)
                outer.released.wait(30)
                found = outer.documents.get(path)
                if found is None and path == "/keys":
                    found = outer.issuer.jwks()
                if found is None and path.endswith("/.well-known/openid-configuration"):
                    found = outer.metadata()
                body = found if isinstance(found, bytes) else json.dumps(found).encode()
                self.send_response(404 if found is None else outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler
