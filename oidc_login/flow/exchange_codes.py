"""The two one-time codes that end a trip: the exchange code, and the link code that waits for a password.

Both go through the browser's address line, so each is worth nothing outside the browser that began or without the PKCE
verifier, lives briefly and works once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.http import HttpRequest

from fairlead.conf import conf
from fairlead.credentials.secrets import digest, mint
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow import browser_binding as binding
from oidc_login.flow.claims import PersonClaims, Proof
from oidc_login.models import Bound, ExchangeCode, LoginAttempt, PendingLink
from oidc_login.people import Person

EXCHANGE_PREFIX = "flc"
LINK_PREFIX = "fll"
LINK_LIFETIME = timedelta(minutes=10)
LINK_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Where a trip ends and what its code is bound to."""

    provider: str
    redirect: str
    binding: str
    code_challenge: str

    @classmethod
    def of(cls, row: LoginAttempt | Bound) -> "Ending":
        return cls(provider=row.provider, redirect=row.redirect, binding=row.binding, code_challenge=row.code_challenge)


def issue_exchange_code(user: Person, *, ending: Ending, notices: list[str], now: datetime) -> str:
    """The plaintext code. Runs in the caller's transaction."""
    minted = mint(EXCHANGE_PREFIX)
    ExchangeCode.objects.create(
        digest=minted.digest,
        user=user,
        provider=ending.provider,
        redirect=ending.redirect,
        binding=ending.binding,
        code_challenge=ending.code_challenge,
        notices=notices,
        created_at=now,
        expires_at=now + timedelta(seconds=conf().oidc_exchange_code_ttl),
    )
    return minted.plaintext


def consume_exchange_code(code: str, *, request: HttpRequest, now: datetime, code_verifier: str = "") -> ExchangeCode:
    """The row of this code. Any attempt burns it. Raises LoginRefused(exchange_code_invalid)."""
    row = ExchangeCode.consume(digest(code), now=now)
    if row is None:
        raise LoginRefused(Code.EXCHANGE_CODE_INVALID, cause="the code is unknown, used or expired")
    if not binding.matches(row, request=request, code_verifier=code_verifier):
        raise LoginRefused(Code.EXCHANGE_CODE_INVALID, cause="the code is bound to another browser or verifier")
    return row


def issue_link_code(user: Person, *, person: PersonClaims, ending: Ending, now: datetime) -> str:
    """The plaintext link code for linking `person` to `user`. Runs in the caller's transaction."""
    minted = mint(LINK_PREFIX)
    PendingLink.objects.create(
        digest=minted.digest,
        user=user,
        issuer=person.issuer,
        subject=person.subject,
        email_canonical=person.email_canonical,
        email_proven=person.proof is Proof.PROVEN,
        claims=person.kept,
        picture_url=person.picture,
        provider=ending.provider,
        redirect=ending.redirect,
        binding=ending.binding,
        code_challenge=ending.code_challenge,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
    )
    return minted.plaintext


def try_link_code(code: str, *, request: HttpRequest, now: datetime, code_verifier: str = "") -> PendingLink:
    """Count one try of this code and return its row. Raises LoginRefused(link_code_invalid)."""
    usable = PendingLink.objects.filter(digest=digest(code), used_at=None, expires_at__gt=now, tries__lt=LINK_TRIES)
    if usable.update(tries=F("tries") + 1) != 1:
        raise LoginRefused(Code.LINK_CODE_INVALID, cause="the link code is unknown, used, expired or out of tries")
    row: PendingLink = PendingLink.objects.select_related("user").get(digest=digest(code))
    if not binding.matches(row, request=request, code_verifier=code_verifier):
        raise LoginRefused(Code.LINK_CODE_INVALID, cause="the link code is bound to another browser or verifier")
    return row
