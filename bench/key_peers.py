"""How others come to an issuer's key: what this environment has, each with one object for all threads where it can."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import jwt

Ask = Callable[[], bool]


def of(jwks_uri: str, raw_token: str) -> dict[str, Ask]:
    """By name, a function that finds the key of this token, and says whether it did."""
    found = {"PyJWKClient": _client(jwks_uri, raw_token), "mozilla": _mozilla(jwks_uri, raw_token)}
    with suppress(ImportError):
        found["Authlib"] = _authlib(jwks_uri)
    return found


def _client(jwks_uri: str, raw_token: str) -> Ask:
    client = jwt.PyJWKClient(jwks_uri)
    return lambda: client.get_signing_key_from_jwt(raw_token) is not None


def _mozilla(jwks_uri: str, raw_token: str) -> Ask:
    from mozilla_django_oidc.auth import OIDCAuthenticationBackend

    # Not made by its constructor, which reads the settings of a whole provider.
    backend = OIDCAuthenticationBackend.__new__(OIDCAuthenticationBackend)
    backend.OIDC_OP_JWKS_ENDPOINT = jwks_uri
    backend.OIDC_RP_SIGN_ALGO = "RS256"
    backend.get_settings = lambda name, *default: default[0] if default else None
    return lambda: bool(backend.retrieve_matching_jwk(raw_token.encode()))


def _authlib(jwks_uri: str) -> Ask:
    from authlib.integrations.django_client import OAuth

    registry: Any = OAuth()
    registry.register("bench", client_id="bench", jwks_uri=jwks_uri)
    return lambda: bool(registry.bench.fetch_jwk_set())
