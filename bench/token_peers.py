"""What others make of the same token: the libraries that this environment has, each as its documentation says."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jwt

from tests.issuer import Issuer, KeyServer, Signer

AUDIENCE = "client-1"
Check = Callable[[], Any]


def of(signer: Signer, issuer: Issuer, raw_token: str, keys: KeyServer) -> dict[str, Check]:
    """By name, a function that verifies this token with everything prepared that can be. `keys` serves the key set."""
    algorithm, public = signer.algorithm, signer.key.public_key()
    rules: dict[str, Any] = {
        "algorithms": [algorithm], "audience": AUDIENCE, "issuer": issuer.url, "leeway": 60
    }  # fmt: skip
    found: dict[str, Check] = {
        "PyJWT": partial(jwt.decode, raw_token, public, **rules),
        "PyJWKClient": _with_client(raw_token, keys, rules),
    }
    for name, make in (("joserfc", _joserfc), ("Authlib", _authlib)):
        try:
            found[name] = make(raw_token, issuer, algorithm)
        except ImportError:
            continue
    for check in found.values():
        check()
    return found


def _with_client(raw_token: str, keys: KeyServer, rules: dict[str, Any]) -> Check:
    client = jwt.PyJWKClient(keys.jwks_uri)

    def check() -> Any:
        return jwt.decode(raw_token, client.get_signing_key_from_jwt(raw_token), **rules)

    return check


def _joserfc(raw_token: str, issuer: Issuer, algorithm: str) -> Check:
    from joserfc import jwt as jose
    from joserfc.jwk import KeySet

    keyset = KeySet.import_key_set(issuer.jwks())
    claims = jose.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer.url},
        aud={"essential": True, "value": AUDIENCE},
        exp={"essential": True},
        leeway=60,
    )
    # joserfc calls EdDSA by its curve since RFC 9864.
    names = ["Ed25519", "EdDSA"] if algorithm == "EdDSA" else [algorithm]

    def check() -> Any:
        token = jose.decode(raw_token, keyset, algorithms=names)
        claims.validate(token.claims)
        return token

    return check


def _authlib(raw_token: str, issuer: Issuer, algorithm: str) -> Check:
    import warnings

    with warnings.catch_warnings():
        # It points to joserfc, which is measured beside it.
        warnings.simplefilter("ignore")
        from authlib.jose import JsonWebKey, JsonWebToken

    keyset, reader = JsonWebKey.import_key_set(issuer.jwks()), JsonWebToken([algorithm])
    options = {"iss": {"essential": True, "value": issuer.url}, "aud": {"essential": True, "value": AUDIENCE}}

    def check() -> Any:
        claims = reader.decode(raw_token, keyset, claims_options=options)
        claims.validate(leeway=60)
        return claims

    return check
