"""One-time tickets with which a person who is signed in through the API begins a link in their own browser."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from fairlead.credentials.secrets import digest, mint
from fairlead.people import FRESH, SignedIn
from oidc_login import identities
from oidc_login.errors import LoginRefused
from oidc_login.models import ExchangeCode, LinkTicket
from oidc_login.providers import ProviderConfig

PREFIX = "flt"
LIFETIME = timedelta(minutes=1)


def issue(provider: ProviderConfig, *, signed_in: SignedIn, now: datetime) -> str:
    """The plaintext goes into an address.

    Where the person came in through a provider, only the browser of that sign-in may use it; else only one in which
    they are signed in on our pages.
    """
    user = signed_in.user
    came = ExchangeCode.objects.filter(user=user, used_at__gt=now - FRESH).order_by("-used_at").first()
    minted = mint(PREFIX)
    LinkTicket.objects.create(
        digest=minted.digest,
        user=user,
        provider=provider.id,
        session_id=signed_in.session_id,
        binding=came.binding if came else "",
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return minted.plaintext


def redeem(ticket: str, *, request: HttpRequest, now: datetime) -> LinkTicket:
    """The ticket, once, in a browser of the same person. Raises LoginRefused(link_requires_sign_in)."""
    row = LinkTicket.consume(digest(ticket), now=now)
    if row is None or not identities.is_here(
        row.user, session_id=row.session_id, bound_to=row.binding, request=request
    ):
        raise LoginRefused("linking.ticket_of_another")
    return row


def require_fresh(signed_in: SignedIn, *, now: datetime) -> None:
    """The person proved who they are within the last five minutes. Raises LoginRefused(fresh_sign_in_required)."""
    if now - signed_in.authenticated_at > FRESH:
        raise LoginRefused("sign_in.not_fresh")
