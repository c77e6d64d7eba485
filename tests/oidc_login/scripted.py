"""A provider that says what a test tells it to: real HTTP on a free port, real signed tokens, every answer replaceable.

It stands at the network's edge. The trips against real providers are in tests/flows.
"""

import base64
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT_ID = "fairlead"
CLIENT_SECRET = "a secret of the client & more"
_KID = "first"


def _jwk() -> dict[str, Any]:
    return {
        **json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())),
        "kid": _KID,
        "use": "sig",
        "alg": "RS256",
    }


def json_answer(document: Any, status: int = 200) -> Response:
    return Response(json.dumps(document), status=status, content_type="application/json")


@dataclass
class ScriptedProvider:
    """`claims` go into the ID token, `userinfo` (None: no such endpoint) into userinfo; `answers` replaces whole answers."""

    server: HTTPServer
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    extra_metadata: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Callable[[Request], Response]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    last_form: dict[str, str] = field(default_factory=dict)
    last_headers: dict[str, str] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    nonces: dict[str, str] = field(default_factory=dict)
    challenges: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path, handler in {
            "/.well-known/openid-configuration": self._metadata,
            "/jwks": lambda request: json_answer({"keys": [_jwk()]}),
            "/token": self._token,
            "/userinfo": self._userinfo,
            "/introspect": lambda request: json_answer({"active": False}),
        }.items():
            self.server.expect_request(path).respond_with_handler(self._counted(path, handler))

    @property
    def issuer(self) -> str:
        return self.server.url_for("").rstrip("/")

    def _counted(self, path: str, handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            self.calls[path.rpartition("/")[2]] += 1
            return self.answers.get(path.rpartition("/")[2], handler)(request)

        return answer

    def _metadata(self, request: Request) -> Response:
        document: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        if self.userinfo is not None:
            document["userinfo_endpoint"] = f"{self.issuer}/userinfo"
        return json_answer({**document, **self.extra_metadata})

    def authorize(self, location: str, code: str = "the-code") -> dict[str, str]:
        """What a browser is sent back with from the authorization request in `location`."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        self.nonces[code], self.challenges[code] = query["nonce"], query["code_challenge"]
        return {"code": code, "state": query["state"]}

    def _token(self, request: Request) -> Response:
        self.last_form, self.last_headers = request.form.to_dict(), dict(request.headers)
        code = self.last_form.get("code", "")
        verifier = self.last_form.get("code_verifier", "")
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if code not in self.nonces or made != self.challenges[code]:
            return json_answer({"error": "invalid_grant", "error_description": "<b>upstream text</b>"}, 400)
        tokens = {
            "access_token": f"at-{code}",
            "token_type": "Bearer",
            "id_token": self.id_token(nonce=self.nonces[code]),
        }
        return json_answer(tokens)

    def id_token(self, **more: Any) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **self.claims, **more}
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.sign:
            return self.sign(claims)
        return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": _KID})

    def _userinfo(self, request: Request) -> Response:
        return json_answer(self.userinfo)
