"""mozilla-django-oidc's authentication backend: the frame of a sign-in, from the authorization code to the claims.

What stays in use: the order of the steps of its `authenticate`, and the payload of its token request with the PKCE
verifier. What it does not do, and is done here: it verifies neither issuer, audience nor expiry, calls out without a
deadline, takes `redirect_uri` from the Host header, matches accounts by `iexact` and returns suspended people.
tests/oidc_login/test_mozilla.py pins these facts, so that an upgrade which changes them is noticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from fairlead.idtokens.discovery import ProviderMetadata
from oidc_login.errors import LoginRefused
from oidc_login.flow import provider_client
from oidc_login.flow.authorization_request import CALLBACK, callback_url
from oidc_login.providers import ProviderConfig


class ProviderClaims(NamedTuple):
    """What the provider said: verified claims of the ID token; userinfo of the same subject, or empty."""

    id_token: Mapping[str, Any]
    userinfo: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class AuthorizationResponse:
    """A validated authorization response, and what of the authorization request its code is redeemed with."""

    provider: ProviderConfig
    metadata: ProviderMetadata
    nonce: str
    code_verifier: str
    received_at: datetime


class ProviderBackend(OIDCAuthenticationBackend):
    """Redeems an authorization response. Listed in AUTHENTICATION_BACKENDS for `get_user` and permissions alone."""

    response: AuthorizationResponse
    access_token: str

    def __init__(self, response: AuthorizationResponse | None = None) -> None:
        if response is None:
            # Django makes a backend for every `request.user`; without settings the original raises.
            ModelBackend.__init__(self)
            return
        self.response = response
        super().__init__()  # type: ignore[no-untyped-call]  # the library is untyped

    def authenticate(self, request: HttpRequest | None, **_: Any) -> None:  # type: ignore[override]
        """Nobody: a sign-in through a provider begins at the callback, never at `django.contrib.auth.authenticate`.

        The original runs a code exchange for any request whose address carries `code` and `state`, a password sign-in
        among them.
        """

    def redeem(self, request: HttpRequest) -> ProviderClaims:
        """Token request, ID token, userinfo, in the original's order. Raises LoginRefused."""
        claims: ProviderClaims | None = super().authenticate(  # type: ignore[no-untyped-call]
            request, nonce=self.response.nonce, code_verifier=self.response.code_verifier
        )
        if claims is None:
            # The original swallows SuspiciousOperation.
            raise LoginRefused("callback.no_claims")
        return claims

    def get_settings(self, attr: str, *args: Any) -> Any:  # type: ignore[override]
        """The original's settings, answered per sign-in instead of from one global set."""
        provider, metadata = self.response.provider, self.response.metadata
        ours = {
            "OIDC_OP_TOKEN_ENDPOINT": metadata.token_endpoint,
            "OIDC_OP_USER_ENDPOINT": metadata.userinfo_endpoint,
            "OIDC_OP_JWKS_ENDPOINT": metadata.jwks_uri,
            "OIDC_RP_CLIENT_ID": provider.client_id,
            "OIDC_RP_CLIENT_SECRET": provider.client_secret,
            "OIDC_RP_SIGN_ALGO": "RS256",
            "OIDC_AUTHENTICATION_CALLBACK_URL": CALLBACK,
        }
        return ours[attr] if attr in ours else super().get_settings(attr, *args)  # type: ignore[no-untyped-call]

    def get_token(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Exchange the code. `redirect_uri` comes from ORIGIN, whatever the Host header said."""
        tokens = provider_client.exchange_code(
            {**payload, "redirect_uri": callback_url()},
            provider=self.response.provider,
            metadata=self.response.metadata,
        )
        self.access_token = tokens["access_token"]
        return tokens

    def verify_token(self, token: str, **kwargs: Any) -> Mapping[str, Any]:
        """The verified claims of the ID token: signature, issuer, audience, times, nonce, at_hash."""
        return provider_client.verify_id_token(
            token,
            provider=self.response.provider,
            metadata=self.response.metadata,
            nonce=kwargs["nonce"],
            access_token=self.access_token,
            now=self.response.received_at.timestamp(),
        ).claims

    def store_tokens(self, access_token: str, id_token: str) -> None:
        """Nothing of the provider's is kept."""

    def get_userinfo(self, access_token: str, id_token: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return provider_client.userinfo(
            access_token, subject=payload["sub"], provider=self.response.provider, metadata=self.response.metadata
        )

    def get_or_create_user(self, access_token: str, id_token: str, payload: Mapping[str, Any]) -> ProviderClaims:
        """The original looks for an account by e-mail here; who it is, `linking` decides, in the callback."""
        return ProviderClaims(payload, self.get_userinfo(access_token, id_token, payload))

    # The original returns suspended people too: each request of an ended account would go on.
    get_user = ModelBackend.get_user
