"""The two one-time codes that a callback issues: the exchange code, and the link code that waits for a password.

Both go through the browser's address line, so each is worth nothing outside the browser that began or without the PKCE
verifier, lives briefly and works once. Redeeming them: `redemption`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fairlead.conf import conf
from fairlead.credentials.secrets import mint
from oidc_login.flow.claims import EmailVerified, ExternalIdentity
from oidc_login.models import AuthorizationRequest, ExchangeCode, PendingLink
from oidc_login.providers import ProviderConfig

EXCHANGE_PREFIX = "flc"
LINK_PREFIX = "fll"
LINK_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class CodeBinding:
    """What a code is bound to, and where its holder wanted to go."""

    redirect: str
    binding: str
    code_challenge: str

    @classmethod
    def of(cls, begun: AuthorizationRequest) -> "CodeBinding":
        return cls(redirect=begun.redirect, binding=begun.binding, code_challenge=begun.code_challenge)


def issue_exchange_code(
    user: Any, *, provider: ProviderConfig, bound_to: CodeBinding, sid: str, notices: tuple[str, ...], now: datetime
) -> str:
    """The plaintext code. Runs in the caller's transaction."""
    minted = mint(EXCHANGE_PREFIX)
    ExchangeCode.objects.create(
        digest=minted.digest,
        user=user,
        provider=provider.id,
        redirect=bound_to.redirect,
        binding=bound_to.binding,
        code_challenge=bound_to.code_challenge,
        sid=sid,
        notices=list(notices),
        created_at=now,
        expires_at=now + timedelta(seconds=conf().oidc_exchange_code_ttl),
    )
    return minted.plaintext


def issue_link_code(
    user: Any, *, external: ExternalIdentity, provider: ProviderConfig, bound_to: CodeBinding, now: datetime
) -> str:
    """The plaintext link code for linking `external` to `user`. Runs in the caller's transaction."""
    minted = mint(LINK_PREFIX)
    PendingLink.objects.create(
        digest=minted.digest,
        user=user,
        issuer=external.issuer,
        subject=external.subject,
        client_id=provider.client_id,
        email_canonical=external.email_canonical,
        email_proven=external.email_verified is EmailVerified.TRUE,
        claims=external.kept,
        picture_url=external.picture,
        provider=provider.id,
        redirect=bound_to.redirect,
        binding=bound_to.binding,
        code_challenge=bound_to.code_challenge,
        sid=external.sid,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
    )
    return minted.plaintext
