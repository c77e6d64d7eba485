"""The authorization request (OpenID Connect Core 3.1.2.1): begun with a state that only this browser can bring back.

State, nonce and PKCE verifier are 256 random bits each. The row pins what the response must belong to: provider,
issuer, client id, browser (RFC 9700 2.1, 4.4). It is consumed once.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from mozilla_django_oidc.utils import generate_code_challenge

from fairlead.conf import conf
from fairlead.credentials.secrets import digest, mint
from fairlead.idtokens.discovery import ProviderMetadata
from oidc_login.errors import LoginRefused
from oidc_login.flow import browser_binding
from oidc_login.models import AuthorizationRequest
from oidc_login.providers import ProviderConfig

STATE_PREFIX = "fls"
CALLBACK = "oidc_login:callback"
# A person who came back late, but with everything else right, is sent on once more instead of being shown an error.
RESTART_WITHIN = timedelta(minutes=15)
Purpose = AuthorizationRequest.Purpose


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What was asked for where the sign-in began; taken along when a late request is restarted."""

    ends_at: str
    """An origin of `origins.end_of_sign_in`."""
    redirect: str = "/"
    code_challenge: str = ""
    restarted: bool = False
    purpose: str = Purpose.SIGN_IN
    user: Any = None
    session_id: str = ""


class Restart(Exception):
    """The state is genuine but late: begin again with the same parameters. Never leaves the views."""

    def __init__(self, late: AuthorizationRequest) -> None:
        super().__init__("restart")
        self.provider = late.provider
        self.parameters = Parameters(
            ends_at=late.ends_at,
            redirect=late.redirect,
            code_challenge=late.code_challenge,
            restarted=True,
            purpose=late.purpose,
            user=late.user,
            session_id=late.session_id,
        )


def callback_url() -> str:
    """Where providers send people back to. Made from ORIGIN and the mounted path: a Host header changes nothing."""
    return f"{conf().origin}{reverse(CALLBACK)}"


def begin(provider: ProviderConfig, *, metadata: ProviderMetadata, browser: str, parameters: Parameters) -> str:
    """Write the row and return the address at the provider to send the browser to. One write."""
    state = mint(STATE_PREFIX)
    nonce = secrets.token_urlsafe(32)
    code_verifier = secrets.token_urlsafe(48)
    now = timezone.now()
    AuthorizationRequest.objects.create(
        digest=state.digest,
        created_at=now,
        expires_at=now + timedelta(seconds=conf().oidc_state_ttl),
        nonce=nonce,
        code_verifier=code_verifier,
        provider=provider.id,
        issuer=provider.issuer,
        client_id=provider.client_id,
        redirect=parameters.redirect,
        ends_at=parameters.ends_at,
        binding=digest(browser),
        code_challenge=parameters.code_challenge,
        restarted=parameters.restarted,
        purpose=parameters.purpose,
        user=parameters.user,
        session_id=parameters.session_id,
    )
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback_url(),
        "scope": provider.scopes,
        "state": state.plaintext,
        "nonce": nonce,
        "code_challenge": generate_code_challenge(code_verifier, "S256"),
        "code_challenge_method": "S256",
    }
    endpoint = metadata.authorization_endpoint
    return endpoint + ("&" if urlsplit(endpoint).query else "?") + urlencode(query)


def provider_of(state: str, *, request: HttpRequest) -> str:
    """The provider that will be asked about this state; empty where none will: unknown, used, another browser's.

    Uses nothing up.
    """
    unused = AuthorizationRequest.objects.filter(digest=digest(state), used_at=None)
    provider, binding = unused.values_list("provider", "binding").first() or ("", "")
    return provider if browser_binding.same_browser(binding, request=request) else ""


def consume(state: str, *, request: HttpRequest, now: datetime) -> AuthorizationRequest:
    """The authorization request of this state, exactly once.

    Any use burns it, also one from the wrong browser. Raises LoginRefused(state_invalid, state_expired) or Restart.
    """
    row = AuthorizationRequest.consume(digest(state), now=now)
    if row is None:
        raise _late(state, request=request, now=now)
    if not browser_binding.same_browser(row.binding, request=request):
        raise LoginRefused("state.other_browser", ends_at=row.ends_at)
    return row


def _late(state: str, *, request: HttpRequest, now: datetime) -> LoginRefused | Restart:
    """Why the state could not be consumed. A late one is burnt here, so that it restarts at most once."""
    row = AuthorizationRequest.burn(digest(state), now=now)
    if row is None:
        return LoginRefused("state.unknown")
    if not browser_binding.same_browser(row.binding, request=request):
        return LoginRefused("state.other_browser", ends_at=row.ends_at)
    if row.restarted or not request.GET.get("code") or now >= row.created_at + RESTART_WITHIN:
        return LoginRefused("state.expired", ends_at=row.ends_at)
    return Restart(row)
