"""A trip under way: begun with a state that only this browser can bring back, consumed once.

State, nonce and PKCE verifier are 256 random bits each. The row pins what the answer must belong to: provider, issuer,
client id, browser (RFC 9700 2.1, 4.4).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from mozilla_django_oidc.utils import generate_code_challenge

from fairlead.conf import conf
from fairlead.credentials.secrets import digest, mint
from fairlead.idtokens.discovery import ProviderMetadata
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow import browser_binding
from oidc_login.models import LoginAttempt
from oidc_login.people import Person
from oidc_login.providers import ProviderConfig

STATE_PREFIX = "fls"
# A person who came back late, but with everything else right, is sent on once more instead of being shown an error.
RESTART_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the front end asked for at initiate; taken along when a late attempt is restarted."""

    redirect: str = "/"
    code_challenge: str = ""
    restarted: bool = False
    purpose: str = LoginAttempt.Purpose.SIGN_IN
    user: Person | None = None
    session_id: UUID | None = None


class Restart(Exception):
    """The state is genuine but late: begin again with the same wish. Never leaves the views."""

    def __init__(self, attempt: LoginAttempt) -> None:
        super().__init__("restart")
        self.provider = attempt.provider
        self.wish = Wish(
            redirect=attempt.redirect,
            code_challenge=attempt.code_challenge,
            restarted=True,
            purpose=attempt.purpose,
            user=attempt.user,
            session_id=attempt.session_id,
        )


def callback_url() -> str:
    """Where providers send people back to. Made from APP_URL alone: a Host header changes nothing."""
    return f"{conf().origin}/api/auth/oidc/callback"


def begin(provider: ProviderConfig, *, metadata: ProviderMetadata, browser: str, wish: Wish) -> str:
    """Write the attempt and return the address at the provider to send the browser to. One write."""
    state = mint(STATE_PREFIX)
    nonce = secrets.token_urlsafe(32)
    code_verifier = secrets.token_urlsafe(48)
    now = timezone.now()
    LoginAttempt.objects.create(
        digest=state.digest,
        created_at=now,
        expires_at=now + timedelta(seconds=conf().oidc_state_ttl),
        nonce=nonce,
        code_verifier=code_verifier,
        provider=provider.slug,
        issuer=provider.issuer,
        client_id=provider.client_id,
        redirect=wish.redirect,
        binding=digest(browser),
        code_challenge=wish.code_challenge,
        restarted=wish.restarted,
        purpose=wish.purpose,
        user=wish.user,
        session_id=wish.session_id,
    )
    parameters = {
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
    return endpoint + ("&" if urlsplit(endpoint).query else "?") + urlencode(parameters)


def consume(state: str, *, request: HttpRequest, now: datetime) -> LoginAttempt:
    """The attempt of this state, exactly once.

    Any use burns it, also one from the wrong browser. Raises LoginRefused(state_invalid, state_expired) or Restart.
    """
    row = LoginAttempt.consume(digest(state), now=now)
    if row is None:
        raise _late(state, request=request, now=now)
    if not browser_binding.same_browser(row.binding, request=request):
        raise LoginRefused(Code.STATE_INVALID, cause="the state was begun in another browser")
    return row


def _late(state: str, *, request: HttpRequest, now: datetime) -> LoginRefused | Restart:
    """Why the state could not be consumed. A late one is burnt here, so that it restarts at most once."""
    row = LoginAttempt.objects.filter(digest=digest(state), used_at=None).first()
    if row is None:
        return LoginRefused(Code.STATE_INVALID, cause="the state is unknown or was used")
    if LoginAttempt.objects.filter(pk=row.pk, used_at=None).update(used_at=now) != 1:
        return LoginRefused(Code.STATE_INVALID, cause="the state was used")
    if not browser_binding.same_browser(row.binding, request=request):
        return LoginRefused(Code.STATE_INVALID, cause="the state was begun in another browser")
    if row.restarted or not request.GET.get("code") or now >= row.created_at + RESTART_WITHIN:
        return LoginRefused(Code.STATE_EXPIRED)
    return Restart(row)
