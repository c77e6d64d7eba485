"""mozilla-django-oidc's authentication backend, kept as the frame of the login, with every guard of it replaced.

What stays in use: the order of steps of its `authenticate`, the payload of the token request with the PKCE verifier,
the permissions it inherits. What it does not do, and is done here: it verifies neither issuer, audience nor expiry,
calls out without a deadline, takes `redirect_uri` from the Host header, matches accounts by `iexact` and returns
suspended people. tests/oidc_login/test_mozilla.py pins these facts, so that an upgrade which changes them is noticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from fairlead.idtokens.discovery import ProviderMetadata
from oidc_login import identities
from oidc_login.flow import claims, dry_run, provider_client, provisioning
from oidc_login.flow.authorization_request import callback_url
from oidc_login.flow.dry_run import Seen
from oidc_login.flow.exchange_codes import Ending
from oidc_login.flow.provisioning import Arrival
from oidc_login.models import LoginAttempt
from oidc_login.people import Person
from oidc_login.providers import ProviderConfig


@dataclass(kw_only=True)
class Trip:
    """One callback on its way: what it belongs to and, at the end, who arrived. The marker that our backend acts on."""

    provider: ProviderConfig
    metadata: ProviderMetadata
    attempt: LoginAttempt
    now: datetime
    arrival: Arrival | None = None
    person: claims.PersonClaims | None = None
    seen: Seen | None = None


class ProviderBackend(OIDCAuthenticationBackend):
    """Signs in whom a provider vouches for. Acts only when the callback hands it a `trip`."""

    trip: Trip
    request: HttpRequest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Django makes a backend for every `request.user`: without a provider the original raises here.
        ModelBackend.__init__(self)

    def authenticate(self, request: HttpRequest | None, *, trip: Trip, **_: Any) -> Person | None:  # type: ignore[override]
        """Run the code exchange of `trip`. Raises LoginRefused; fills `trip.arrival`.

        `trip` is required, so Django skips this backend for every other kind of login: the original would run a code
        exchange for any request whose address carries `code` and `state`, a password login among them.
        """
        self.trip = trip
        super().__init__()  # type: ignore[no-untyped-call]  # the library is untyped
        attempt = trip.attempt
        user: Person | None = super().authenticate(  # type: ignore[no-untyped-call]
            request, nonce=attempt.nonce, code_verifier=attempt.code_verifier
        )
        return user

    def get_settings(self, attr: str, *args: Any) -> Any:  # type: ignore[override]
        """The original's settings, answered per trip instead of from one global set."""
        provider, metadata = self.trip.provider, self.trip.metadata
        ours = {
            "OIDC_OP_TOKEN_ENDPOINT": metadata.token_endpoint,
            "OIDC_OP_USER_ENDPOINT": metadata.userinfo_endpoint,
            "OIDC_OP_JWKS_ENDPOINT": metadata.jwks_uri,
            "OIDC_RP_CLIENT_ID": provider.client_id,
            "OIDC_RP_CLIENT_SECRET": provider.client_secret,
            "OIDC_RP_SIGN_ALGO": "RS256",
            "OIDC_AUTHENTICATION_CALLBACK_URL": "oidc-callback",
            "OIDC_STORE_ACCESS_TOKEN": False,
            "OIDC_STORE_ID_TOKEN": False,
        }
        return ours[attr] if attr in ours else super().get_settings(attr, *args)  # type: ignore[no-untyped-call]

    def get_token(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Exchange the code. `redirect_uri` comes from APP_URL, whatever the Host header said."""
        payload["redirect_uri"] = callback_url()
        tokens = provider_client.exchange_code(payload, provider=self.trip.provider, metadata=self.trip.metadata)
        self.access_token = tokens["access_token"]
        return tokens

    def verify_token(self, token: str, **kwargs: Any) -> Mapping[str, Any]:
        """The verified claims of the ID token: signature, issuer, audience, times, nonce, at_hash."""
        verified = provider_client.verify_id_token(
            token,
            provider=self.trip.provider,
            metadata=self.trip.metadata,
            nonce=kwargs["nonce"],
            access_token=self.access_token,
            now=self.trip.now.timestamp(),
        )
        return verified.claims

    def store_tokens(self, access_token: str, id_token: str) -> None:
        """Nothing of the provider's is kept."""

    def get_userinfo(self, access_token: str, id_token: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return provider_client.userinfo(
            access_token, subject=payload["sub"], provider=self.trip.provider, metadata=self.trip.metadata
        )

    def get_or_create_user(self, access_token: str, id_token: str, payload: Mapping[str, Any]) -> Person | None:
        userinfo = self.get_userinfo(access_token, id_token, payload)
        trip = self.trip
        if trip.attempt.purpose == LoginAttempt.Purpose.DRY_RUN:
            trip.seen = dry_run.look(payload, userinfo, provider=trip.provider, request=self.request, now=trip.now)
            return trip.attempt.user
        trip.person = claims.read(payload, userinfo, trust_email=trip.provider.trust_email)
        if trip.attempt.purpose == LoginAttempt.Purpose.LINK:
            user = identities.require_same_person(trip.attempt, request=self.request)
            identity = identities.link(trip.person, user=user, request=self.request)
            trip.arrival = Arrival(user=user, identity=identity)
        else:
            trip.arrival = provisioning.enrol(
                trip.person, provider=trip.provider, ending=Ending.of(trip.attempt), request=self.request, now=trip.now
            )
        return trip.arrival.user

    # The original returns suspended people too: each request of an ended account would go on.
    get_user = ModelBackend.get_user
