"""The mobile exchange: an app that signed in at the provider by itself turns the provider's tokens into ours.

The attack to stop: another application, to which the victim signed in at the same provider, replays the victim's access
token here. A valid token is therefore worth nothing until it is proven that it was issued to one of *our* client ids.
Three proofs count (docs/http-api.md): a JWT that names our client, the provider's introspection that does, or an ID
token for us whose `at_hash` is this access token's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from fairlead.idtokens import issuers, outbound
from fairlead.idtokens.discovery import ProviderMetadata
from fairlead.idtokens.errors import KeysUnavailable, TokenRefused
from fairlead.idtokens.policy import ACCESS_TOKEN_TYPES, Policy
from fairlead.idtokens.verified import VerifiedToken
from fairlead.idtokens.verify import verify
from oidc_login.errors import LoginRefused
from oidc_login.flow import claims, introspection, other_backends, pictures, provider_client
from oidc_login.flow.provisioning import provision
from oidc_login.flow.redemption import RedeemedCode
from oidc_login.providers import ProviderConfig

_JWT_DOTS = 2
# An ID token is a JWT of the same issuer and keys, and is shown to many more: it is no access token.
_ID_TOKEN_CLAIMS = frozenset({"nonce", "at_hash", "c_hash"})


@dataclass(frozen=True, kw_only=True)
class ProviderTokens:
    """What the app sends. Nothing of it is believed yet."""

    access_token: str
    id_token: str = ""
    nonce: str = ""


def exchange(sent: ProviderTokens, *, provider: ProviderConfig, request: HttpRequest, now: datetime) -> RedeemedCode:
    """Raises LoginRefused: token_not_bound, and every refusal that a sign-in on the web can end in."""
    metadata = provider_client.metadata(provider)
    at = now.timestamp()
    id_claims = _id_token_claims(sent, provider=provider, metadata=metadata, now=at) if sent.id_token else None
    if sent.access_token.count(".") == _JWT_DOTS:
        subject = _of_jwt(sent.access_token, provider=provider, metadata=metadata, now=at)
    elif id_claims is not None:
        subject = str(id_claims["sub"])
    else:
        subject = _of_introspection(sent.access_token, provider=provider, metadata=metadata, now=at)
    if id_claims is not None and id_claims["sub"] != subject:
        raise LoginRefused("access_token.another_subject")
    userinfo = provider_client.userinfo(
        sent.access_token, subject=subject, provider=provider, metadata=metadata, bound=False
    )
    document = id_claims or {"iss": provider.issuer, "sub": subject}
    external = claims.read(document, userinfo, trust_email=provider.trust_email)
    other_backends.ask(external, request=request)
    made = provision(external, provider=provider, binding=None, request=request, now=now)
    pictures.look(made.identity, user=made.user, picture=external.picture, now=now)
    return RedeemedCode(user=made.user, provider=provider.id, sid=external.sid, redirect="/", notices=made.notices)


def _id_token_claims(
    sent: ProviderTokens, *, provider: ProviderConfig, metadata: ProviderMetadata, now: float
) -> Mapping[str, Any]:
    """An ID token for one of our clients that belongs to this access token: `at_hash` must be there and right."""
    policy = Policy.for_login(
        issuer=provider.issuer,
        client_id=provider.client_id,
        other_clients=provider.mobile_client_ids,
        algorithms=metadata.id_token_algorithms,
        nonce=sent.nonce or None,
        access_token=sent.access_token,
        require_at_hash=True,
    )
    return _verified(sent.id_token, policy, metadata=metadata, now=now, refusal="access_token.id_token").claims


def _of_jwt(access_token: str, *, provider: ProviderConfig, metadata: ProviderMetadata, now: float) -> str:
    policy = Policy(
        algorithms=metadata.id_token_algorithms,
        issuer=provider.issuer,
        audiences=None,
        types=ACCESS_TOKEN_TYPES,
        required=frozenset({"iss", "exp", "sub"}),
    )
    verified = _verified(access_token, policy, metadata=metadata, now=now, refusal="access_token.jwt")
    marks = sorted(_ID_TOKEN_CLAIMS & verified.claims.keys())
    if marks or verified.claims.get("typ") == "ID":
        raise LoginRefused("access_token.is_id_token", mark=", ".join(marks) or "typ")
    # An ID token's `aud` is the client too. Only a token that says it is an access token (RFC 9068) means us by it.
    _require_ours(verified.claims, provider=provider, by_audience=verified.typ == "at+jwt")
    return str(verified.subject)


def _of_introspection(access_token: str, *, provider: ProviderConfig, metadata: ProviderMetadata, now: float) -> str:
    if metadata.introspection_endpoint is None or not provider.client_secret:
        raise LoginRefused("access_token.no_proof")
    answer = introspection.introspect(
        access_token, url=metadata.introspection_endpoint, provider=provider, metadata=metadata
    )
    if answer.get("active") is not True:
        raise LoginRefused("access_token.inactive")
    expires = answer.get("exp")
    if isinstance(expires, int | float) and now >= expires:
        raise LoginRefused("access_token.inactive")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise LoginRefused("access_token.another_issuer")
    _require_ours(answer, provider=provider, by_audience=True)
    subject = answer.get("sub")
    if not isinstance(subject, str) or not subject:
        raise LoginRefused("access_token.no_subject")
    return subject


def _require_ours(document: Mapping[str, Any], *, provider: ProviderConfig, by_audience: bool) -> None:
    """`azp` and `client_id` say to whom a token was issued; `aud` (whom it is for) counts only where both lack."""
    ours = {provider.client_id, *provider.mobile_client_ids}
    issued_to = [document[name] for name in ("azp", "client_id") if name in document]
    if issued_to:
        if not all(isinstance(each, str) and each in ours for each in issued_to):
            raise LoginRefused("access_token.another_client")
        return
    audience = document.get("aud") if by_audience else None
    members = audience if isinstance(audience, list) else [audience]
    if len(members) != 1 or not isinstance(members[0], str) or members[0] not in ours:
        raise LoginRefused("access_token.no_client")


def _verified(raw_token: str, policy: Policy, *, metadata: ProviderMetadata, now: float, refusal: str) -> VerifiedToken:
    try:
        keys = issuers.keys(metadata.jwks_uri, outbound=outbound.providers())
        return verify(raw_token, policy=policy, keys=keys, now=now)
    except KeysUnavailable as error:
        raise LoginRefused("keys.unavailable", detail=error.detail) from None
    except TokenRefused as error:
        raise LoginRefused(refusal, reason=str(error.code), detail=error.detail) from None
