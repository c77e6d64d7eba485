"""A relying party of our own with none of Fairlead's code: what tests of the providers themselves look with."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from tests.providers.started import Provider

_TIMEOUT = 20


@dataclass(frozen=True)
class SignIn:
    callback: dict[str, str]
    tokens: dict[str, Any]
    nonce: str

    @property
    def id_token(self) -> str:
        return str(self.tokens["id_token"])

    @property
    def access_token(self) -> str:
        return str(self.tokens["access_token"])


def metadata(provider: Provider) -> dict[str, Any]:
    return dict(requests.get(provider.issuer + provider.discovery_path, timeout=_TIMEOUT).json())


def sign_in(provider: Provider, account: str, *, client_id: str, redirect_uri: str, client_secret: str = "") -> SignIn:
    """Authorization code with PKCE, up to the token answer. The ID token is not verified here."""
    document = metadata(provider)
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": secrets.token_urlsafe(16),
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    landed = provider.sign_in(f"{document['authorization_endpoint']}?{urlencode(asked)}", account)
    callback = {name: values[0] for name, values in parse_qs(urlsplit(landed).query).items()}
    form = {
        "grant_type": "authorization_code",
        "code": callback["code"],
        "redirect_uri": redirect_uri,
        "client_id": client_id,
        "code_verifier": verifier,
    }
    if client_secret:
        form["client_secret"] = client_secret
    answer = requests.post(document["token_endpoint"], data=form, timeout=_TIMEOUT)
    answer.raise_for_status()
    return SignIn(callback=callback, tokens=answer.json(), nonce=nonce)


def id_token_of_organization(provider: Provider, account: str) -> str:
    """An ID token as an organization's own application has it: what trip C is called with."""
    return sign_in(
        provider, account, client_id=provider.organization_id, redirect_uri=provider.organization_redirect
    ).id_token
