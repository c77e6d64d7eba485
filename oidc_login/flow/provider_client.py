"""The calls that a sign-in makes to its provider: discovery and keys (cached), token endpoint, userinfo.

Every fault becomes one of two codes: `provider_unreachable` (no answer, not in time, 5xx: it may pass) or
`provider_error` (an answer that cannot be used). Its cause names the endpoint; nothing the provider wrote goes on.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fairlead import metrics
from fairlead.causes import TABLE
from fairlead.idtokens import issuers, outbound, waiting
from fairlead.idtokens.discovery import ProviderMetadata
from fairlead.idtokens.errors import (
    FetchFailed,
    FetchRefused,
    KeysUnavailable,
    MetadataCrowded,
    MetadataRefused,
    MetadataUnavailable,
    TokenRefused,
)
from fairlead.idtokens.fetched import Fetched
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verified import VerifiedToken
from fairlead.idtokens.verify import verify
from oidc_login.errors import LoginRefused
from oidc_login.flow import provider_faults as faults
from oidc_login.providers import ProviderConfig

_NOT_ANSWERING = "The provider did not answer three times in a row; it is asked again in a few seconds."


@contextmanager
def place(provider_id: str) -> Iterator[None]:
    """A place to wait for this provider. Raises Busy, also while its token endpoint is known not to answer."""
    if waiting.breakers.open(f"{provider_id} token_endpoint"):
        raise waiting.Busy(_NOT_ANSWERING)
    with waiting.outside.place(f"provider:{provider_id}"):
        yield


def wait_for_metadata(provider: ProviderConfig) -> None:
    """Nothing, or Busy: too many wait already for a discovery document that nobody has yet. To be called before
    anything is used up. Its faults are told by whoever needs it."""
    try:
        issuers.metadata(provider.issuer, outbound=outbound.providers())
    except MetadataCrowded as error:
        raise waiting.Busy(full=f"provider:{provider.id}") from error
    except (MetadataUnavailable, MetadataRefused):
        return


def metadata(provider: ProviderConfig) -> ProviderMetadata:
    """The provider's discovery document, from the cache while it is warm."""
    try:
        return issuers.metadata(provider.issuer, outbound=outbound.providers())
    except MetadataUnavailable as error:
        raise faults.refusal("discovery.unreachable", error, provider=provider) from None
    except MetadataRefused as error:
        raise faults.refusal("discovery.unusable", error, provider=provider) from None


def exchange_code(
    payload: Mapping[str, Any], *, provider: ProviderConfig, metadata: ProviderMetadata
) -> dict[str, Any]:
    """Redeem an authorization code (OpenID Connect Core 3.1.3). Answers with `id_token` and `access_token` as text."""
    form = {name: str(value) for name, value in payload.items() if name not in {"client_id", "client_secret"}}
    endpoint = "token_endpoint"
    answer = authenticated_post(metadata.token_endpoint, form, provider=provider, metadata=metadata, endpoint=endpoint)
    tokens = json_object(answer, endpoint)
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
        raise faults.refusal("keys.unavailable", error, provider=provider) from None
    except TokenRefused as error:
        if "sub" in error.facts.get("missing", "").split(","):
            raise LoginRefused("id_token.no_subject", missing="sub") from None
        known = f"id_token.{error.code}"
        why = known if known in TABLE else "id_token.refused"
        raise LoginRefused(why, reason=str(error.code), detail=error.detail) from None


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
    answer = _call(
        lambda: outbound.providers().get_json(endpoint, headers=headers),
        "userinfo",
        provider=provider,
        unauthorized=refused,
    )
    # A name with a character that is no text keeps nobody out.
    document = json_object(answer, "userinfo", read=Fetched.json_to_show)
    if document.get("sub") != subject or not isinstance(document["sub"], str):
        raise LoginRefused("userinfo.another_subject" if bound else "access_token.another_subject")
    return document


def client_auth(provider: ProviderConfig, metadata: ProviderMetadata) -> str:
    """post, basic or none. A public client sends no secret, not even an empty one."""
    if not provider.client_secret:
        return "none"
    if provider.client_auth:
        return provider.client_auth
    # Where both are listed, the one that a registration stands for unless it says otherwise (OpenID Connect Dynamic
    # Client Registration 2); where the metadata is silent, RFC 8414 2 means it too.
    listed = metadata.token_endpoint_auth_methods
    return "post" if "client_secret_post" in listed and "client_secret_basic" not in listed else "basic"


def authentication(
    provider: ProviderConfig, metadata: ProviderMetadata
) -> tuple[tuple[str, str] | None, dict[str, str]]:
    """What a call as our client carries: a pair for HTTP Basic or None, and members of the form."""
    if (how := client_auth(provider, metadata)) == "basic":
        return (provider.client_id, provider.client_secret), {}
    secret = {"client_secret": provider.client_secret} if how == "post" else {}
    return None, {"client_id": provider.client_id, **secret}


def authenticated_post(
    url: str, form: Mapping[str, str], *, provider: ProviderConfig, metadata: ProviderMetadata, endpoint: str
) -> Fetched:
    """POST as our client. Anything but 200 is the provider's no."""
    auth, more = authentication(provider, metadata)
    answer = _call(
        lambda: outbound.providers().post_form(url, {**form, **more}, auth=auth), endpoint, provider=provider
    )
    if answer.status != 200:
        raise faults.of_answer(endpoint, answer, provider=provider)
    return answer


def _call(send: Callable[[], Fetched], endpoint: str, *, provider: ProviderConfig, unauthorized: str = "") -> Fetched:
    name = f"{provider.id} {endpoint}"
    if not waiting.breakers.claim(name):
        raise LoginRefused(f"{endpoint}.unreachable", detail=_NOT_ANSWERING)
    try:
        with metrics.outbound.timed(endpoint.removesuffix("_endpoint")):
            answer = send()
    except FetchFailed as error:
        waiting.breakers.failed(name)
        raise faults.refusal(f"{endpoint}.unreachable", error, provider=provider) from None
    except FetchRefused as error:
        waiting.breakers.succeeded(name)
        why = unauthorized if unauthorized and error.status in {400, 401, 403} else f"{endpoint}.unusable"
        raise faults.refusal(why, error, provider=provider) from None
    waiting.breakers.succeeded(name)
    return answer


def json_object(answer: Fetched, endpoint: str, *, read: Callable[[Fetched], Any] = Fetched.json) -> dict[str, Any]:
    """The answer as a JSON object. Raises LoginRefused for anything else."""
    try:
        document = read(answer)
    except FetchRefused as error:
        raise LoginRefused(f"{endpoint}.unusable", detail=error.detail) from None
    if not isinstance(document, dict):
        raise LoginRefused(f"{endpoint}.unusable", detail="The answer is no JSON object.")
    return document
