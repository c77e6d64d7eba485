"""The calls that a sign-in makes to its provider: discovery and keys (cached), token endpoint, userinfo, introspection.

Every fault becomes one of two codes: `provider_unreachable` (no answer, not in time, 5xx: it may pass) or
`provider_error` (an answer that cannot be used). Its cause names the endpoint; nothing the provider wrote goes on.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fairlead.idtokens import issuers, outbound
from fairlead.idtokens.discovery import ProviderMetadata
from fairlead.idtokens.errors import (
    FetchFailed,
    FetchRefused,
    KeysUnavailable,
    MetadataRefused,
    MetadataUnavailable,
    TokenRefused,
)
from fairlead.idtokens.fetched import Fetched
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verified import VerifiedToken
from fairlead.idtokens.verify import verify
from oidc_login.errors import LoginRefused
from oidc_login.providers import ProviderConfig


def metadata(provider: ProviderConfig) -> ProviderMetadata:
    """The provider's discovery document, from the cache while it is warm."""
    try:
        return issuers.metadata(provider.issuer, outbound=outbound.providers())
    except MetadataUnavailable as error:
        raise LoginRefused("discovery.unreachable", detail=error.detail) from None
    except MetadataRefused as error:
        raise LoginRefused("discovery.unusable", detail=error.detail) from None


def exchange_code(
    payload: Mapping[str, Any], *, provider: ProviderConfig, metadata: ProviderMetadata
) -> dict[str, Any]:
    """Redeem an authorization code (OpenID Connect Core 3.1.3). Answers with `id_token` and `access_token` as text."""
    form = {name: str(value) for name, value in payload.items() if name not in {"client_id", "client_secret"}}
    endpoint = "token_endpoint"
    answer = _authenticated_post(metadata.token_endpoint, form, provider=provider, metadata=metadata, endpoint=endpoint)
    tokens = _object(answer, endpoint)
    for name in ("id_token", "access_token"):
        if not isinstance(tokens.get(name), str) or not tokens[name]:
            raise LoginRefused("token_endpoint.token_missing", token=name)
    if str(tokens.get("token_type", "Bearer")).lower() != "bearer":
        raise LoginRefused("token_endpoint.token_type")
    return tokens


def verify_id_token(
    raw_token: str,
    *,
    provider: ProviderConfig,
    metadata: ProviderMetadata,
    nonce: str,
    access_token: str,
    now: float,
) -> VerifiedToken:
    """The ID token of a sign-in, verified as OpenID Connect Core 3.1.3.7 demands."""
    policy = Policy.for_login(
        issuer=provider.issuer,
        client_id=provider.client_id,
        algorithms=metadata.id_token_algorithms,
        nonce=nonce,
        access_token=access_token,
    )
    try:
        keys = issuers.keys(metadata.jwks_uri, outbound=outbound.providers())
        return verify(raw_token, policy=policy, keys=keys, now=now)
    except KeysUnavailable as error:
        raise LoginRefused("keys.unavailable", detail=error.detail) from None
    except TokenRefused as error:
        if "sub" in error.facts.get("missing", "").split(","):
            raise LoginRefused("id_token.no_subject", missing="sub") from None
        raise LoginRefused("id_token.refused", reason=str(error.code), detail=error.detail) from None


def userinfo(
    access_token: str, *, subject: str, provider: ProviderConfig, metadata: ProviderMetadata, bound: bool = True
) -> Mapping[str, Any]:
    """What userinfo says of this subject; empty where the provider has no userinfo endpoint.

    Its `sub` must be the ID token's, or the answer speaks of somebody else (OpenID Connect Core 5.3.2). Where the
    access token is not known to be `bound` to us, one that the provider refuses, or that is somebody else's, is the
    caller's fault (token_not_bound) and not the provider's.
    """
    endpoint = metadata.userinfo_endpoint
    if endpoint is None:
        return {}
    headers = {"Authorization": f"Bearer {access_token}"}
    refused = "userinfo.refused" if bound else "access_token.userinfo_refused"
    answer = _call(lambda: outbound.providers().get_json(endpoint, headers=headers), "userinfo", unauthorized=refused)
    document = _object(answer, "userinfo")
    if document.get("sub") != subject or not isinstance(document["sub"], str):
        raise LoginRefused("userinfo.another_subject" if bound else "access_token.another_subject")
    return document


def introspect(
    access_token: str, *, url: str, provider: ProviderConfig, metadata: ProviderMetadata
) -> Mapping[str, Any]:
    """What the provider says of an opaque access token (RFC 7662)."""
    form = {"token": access_token, "token_type_hint": "access_token"}
    answer = _authenticated_post(url, form, provider=provider, metadata=metadata, endpoint="introspection")
    return _object(answer, "introspection")


def client_auth(provider: ProviderConfig, metadata: ProviderMetadata) -> str:
    """post, basic or none. A public client sends no secret, not even an empty one."""
    if not provider.client_secret:
        return "none"
    if provider.client_auth:
        return provider.client_auth
    # RFC 8414 2: where the metadata is silent, client_secret_basic is meant.
    return "post" if "client_secret_post" in metadata.token_endpoint_auth_methods else "basic"


def _authenticated_post(
    url: str, form: dict[str, str], *, provider: ProviderConfig, metadata: ProviderMetadata, endpoint: str
) -> Fetched:
    """POST as our client. Anything but 200 is the provider's no."""
    auth = None
    match client_auth(provider, metadata):
        case "basic":
            auth = (provider.client_id, provider.client_secret)
        case "post":
            form = {**form, "client_id": provider.client_id, "client_secret": provider.client_secret}
        case _:
            form = {**form, "client_id": provider.client_id}
    answer = _call(lambda: outbound.providers().post_form(url, form, auth=auth), endpoint)
    if answer.status != 200:
        raise LoginRefused(f"{endpoint}.status", status=answer.status)
    return answer


def _call(send: Callable[[], Fetched], endpoint: str, *, unauthorized: str = "") -> Fetched:
    try:
        return send()
    except FetchFailed as error:
        raise LoginRefused(f"{endpoint}.unreachable", detail=error.detail) from None
    except FetchRefused as error:
        why = unauthorized if unauthorized and error.status in {400, 401, 403} else f"{endpoint}.unusable"
        raise LoginRefused(why, detail=error.detail) from None


def _object(answer: Fetched, endpoint: str) -> dict[str, Any]:
    try:
        document = answer.json()
    except FetchRefused as error:
        raise LoginRefused(f"{endpoint}.unusable", detail=error.detail) from None
    if not isinstance(document, dict):
        raise LoginRefused(f"{endpoint}.unusable", detail="The answer is no JSON object.")
    return document
