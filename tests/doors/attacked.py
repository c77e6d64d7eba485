"""Doors that take a token, as an attacker meets them: over HTTP. Each knows its clean token and who signs it."""

import base64
import hashlib
import hmac
import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from accounts.models import User
from accounts.sessions import access_tokens
from tests.issuer import KeyServer, Signer
from tests.oidc_login.scripted import CLIENT_ID, KEY, ScriptedProvider
from tests.tenants import Tenant
from userpools.models import PoolSigningKey

Claims = dict[str, Any]
_LOGGER = "fairlead.audit.refusals"
Make = Callable[[Signer, Claims], str]


@dataclass(frozen=True)
class Answer:
    """`code` is None where the token was accepted. `reason` is the token's fault where the answer hides it."""

    status: int
    code: str | None
    reason: str | None = None
    text: str = ""


def good(signer: Signer, claims: Claims) -> str:
    return signer.token(claims)


class Door:
    """`send` gets what makes a token of the signer and good claims; None says that the text cannot be sent there.

    `close` is called at the end of the test.
    """

    signer: Signer

    def close(self) -> None:
        pass

    def send(self, make: Make) -> Answer | None:
        raise NotImplementedError


def in_a_header(raw: str) -> bool:
    try:
        f"Bearer {raw}".encode("latin-1")
    except UnicodeError:
        return False
    return not {"\n", "\r", "\x00"} & set(raw)


def answered(answer: Any) -> Answer:
    if answer.status_code < 300:
        return Answer(answer.status_code, None)
    return Answer(answer.status_code, answer.json()["code"], text=answer.content.decode())


class PoolDoor(Door):
    """A pool that trusts a key endpoint, or a hosted one, at /app/me, at the proxy's call, or at /org/verifyToken."""

    def __init__(self, tenant: Tenant, keys: KeyServer, where: str, *, hosted: bool) -> None:
        self.tenant, self.where = tenant, where
        pool = tenant.pool(
            None if hosted else {"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": "client-1"}
        )
        self.pool_id, self.client_id = pool["id"], tenant.application(pool["id"])["id"]
        self.signer = _hosted(self.pool_id) if hosted else keys.issuer.signer
        self.issuer = f"http://testserver/pools/{self.pool_id}" if hosted else keys.issuer.url
        self.audience = self.pool_id if hosted else "client-1"

    def send(self, make: Make) -> Answer | None:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.audience, "sub": "person-1", "iat": now, "exp": now + 600}
        raw = make(self.signer, claims | {"jti": uuid.uuid4().hex})
        if self.where.startswith("verify"):
            return self._verified(raw)
        if not in_a_header(raw):
            return None
        path = f"/app/authorize/{self.client_id}" if self.where == "authorize" else "/app/me"
        named = {"X-Client-Id": self.client_id} if self.where == "me" else {}
        return answered(self.tenant.client.get(path, headers={"Authorization": f"Bearer {raw}", **named}))

    def _verified(self, raw: str) -> Answer:
        body = {"token": raw, "userPoolId": self.pool_id, "explain": self.where == "verify explained"}
        answer = self.tenant.call("POST", "/org/verifyToken", body)
        if answer.status_code != 200 or answer.json()["active"]:
            return answered(answer)
        # The call itself succeeded: it was asked whether the token counts.
        return Answer(401, answer.json()["code"], text=answer.content.decode())


def _hosted(pool_id: str) -> Signer:
    row = PoolSigningKey.objects.get(pool=pool_id)
    return Signer("ES256", kid=row.kid, key=load_pem_private_key(row.private_pem.encode(), None))


class _Told(logging.Handler):
    """What operators are told: the reason why the token was refused, which the answer keeps to itself."""

    def __init__(self) -> None:
        super().__init__()
        self.cause = ""
        logging.getLogger(_LOGGER).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.cause = record.__dict__.get("cause", "")

    def stop(self) -> None:
        logging.getLogger(_LOGGER).removeHandler(self)

    def reason(self) -> str | None:
        cause, self.cause = self.cause, ""
        found = re.search(r"reason=(\w+)", cause)
        return found[1] if found else cause.partition(" ")[0] or None


class CallbackDoor(Door):
    """The ID token that the provider's token endpoint answers with at the end of a sign-in."""

    def __init__(self, browser: Any) -> None:
        self.browser, self.provider = browser, browser.provider
        self.signer = Signer("RS256", kid="first", key=KEY)
        self.told = _Told()

    def close(self) -> None:
        self.told.stop()

    def send(self, make: Make) -> Answer:
        self.provider.sign = lambda claims: make(self.signer, claims)
        self.provider.claims["aud"] = CLIENT_ID
        location = self.browser.initiate()
        answer = self.browser.client.get("/api/auth/oidc/callback", self.provider.authorize(location))
        query = {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}
        return Answer(answer.status_code, query.get("error"), self.told.reason(), answer["Location"])


class MobileDoor(Door):
    """The tokens that an app got from the provider: an access token of RFC 9068, or an opaque one and its ID token."""

    OPAQUE = "opaque-access-token"

    def __init__(self, browser: Any, *, id_token: bool) -> None:
        self.client, self.provider, self.id_token = browser.client, browser.provider, id_token
        self.signer = (Signer if id_token else _AccessTokenSigner)("RS256", kid="first", key=KEY)
        self.told = _Told()
        _userinfo(self.provider)

    def close(self) -> None:
        self.told.stop()

    def send(self, make: Make) -> Answer:
        now = int(time.time())
        claims = {"iss": self.provider.issuer, "aud": CLIENT_ID, "sub": "subject-1", "iat": now, "exp": now + 300}
        if self.id_token:
            half = hashlib.sha256(self.OPAQUE.encode()).digest()[:16]
            claims |= {"nonce": "the-nonce", "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode()}
            body = {"access_token": self.OPAQUE, "id_token": make(self.signer, claims), "nonce": "the-nonce"}
        else:
            body = {"access_token": make(self.signer, claims)}
        answer = answered(
            self.client.post("/api/auth/oidc/exchange/mobile", json.dumps(body), content_type="application/json")
        )
        return Answer(answer.status, answer.code, self.told.reason(), answer.text)


class _AccessTokenSigner(Signer):
    """Where an attack says nothing else, the type is that of an access token."""

    def sign(self, header: Claims | bytes, claims: Claims | bytes) -> str:
        if isinstance(header, dict) and header.get("typ") == "JWT":
            header = header | {"typ": "at+jwt"}
        return super().sign(header, claims)


def _userinfo(provider: ScriptedProvider) -> None:
    provider.userinfo = {"sub": "subject-1", "email": "person@example.org", "email_verified": True, "name": "Person"}


class OurAccessTokenDoor(Door):
    """Our own access token. The attacker has no key of it; where an attack needs one it is given ours all the same."""

    def __init__(self, client: Any, path: str = "/api/auth/me") -> None:
        self.client, self.path = client, path
        User.objects.create_user("person@example.org", "a long enough password", verified_by="link")
        body = {"email": "person@example.org", "password": "a long enough password"}
        issued = client.post("/api/auth/login", body, content_type="application/json").json()["access_token"]
        self.header, payload, _ = issued.split(".")
        self.said = json.loads(base64.urlsafe_b64decode(payload + "=="))
        self.signer = _OurSigner(self.header)

    def send(self, make: Make) -> Answer | None:
        raw = make(self.signer, self.said | {"jti": uuid.uuid4().hex})
        if not in_a_header(raw):
            return None
        return answered(self.client.get(self.path, headers={"Authorization": f"Bearer {raw}"}))


class _OurSigner(Signer):
    """Signs with the very key that SECRET_KEY gives; beside it stands a public key for attacks that want one."""

    def __init__(self, header: str) -> None:
        super().__init__("ES256")
        self.header = base64.urlsafe_b64decode(header + "==")

    def signature(self, data: bytes) -> bytes:
        return hmac.digest(access_tokens.key(settings.SECRET_KEY, "access token"), data, "sha256")

    def jwk(self, **members: Any) -> dict[str, Any]:
        return {}

    def token(self, claims: Claims | bytes, **header: Any) -> str:
        return self.sign(header or self.header, claims)
