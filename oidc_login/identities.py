"""A person's linked providers: to list, to unlink, to link another from inside.

Linking from inside needs a fresh sign-in and ends in the browser in which that sign-in happened. Otherwise somebody
could begin a link to their own account, lure a victim into finishing it, and own every later sign-in of the victim's.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from fairlead.audit.events import Event, record
from fairlead.credentials.secrets import digest, mint
from oidc_login import people, providers
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow import browser_binding
from oidc_login.flow.claims import PersonClaims
from oidc_login.models import ExchangeCode, Identity, LinkTicket, LoginAttempt
from oidc_login.people import Person
from oidc_login.providers import ProviderConfig

TICKET_PREFIX = "flt"
TICKET_LIFETIME = timedelta(minutes=1)
FRESH = timedelta(minutes=5)


def of(user: Person) -> list[Identity]:
    return list(Identity.objects.filter(user=user).order_by("created_at"))


def unlink(identity_id: UUID, *, user: Person, request: HttpRequest) -> None:
    """Take an identity away. Raises LoginRefused: not_found, last_way_in."""
    with transaction.atomic():
        if people.locked(user) is None:
            raise LoginRefused(Code.NOT_FOUND)
        identity = Identity.objects.filter(pk=identity_id, user=user).first()
        if identity is None:
            raise LoginRefused(Code.NOT_FOUND)
        if not _another_way_in(user, identity):
            raise LoginRefused(Code.LAST_WAY_IN)
        identity.delete()
        record(Event.IDENTITY_UNLINKED, actor=user, subject=user, request=request, issuer=identity.issuer)


def _another_way_in(user: Person, identity: Identity) -> bool:
    """A password counts where passwords are accepted; another identity where its provider is enabled."""
    if user.has_usable_password() and people.password_sign_in_allowed():
        return True
    enabled = {each.issuer for each in providers.available()}
    others = Identity.objects.filter(user=user).exclude(pk=identity.pk)
    return any(each.issuer in enabled for each in others)


def issue_ticket(provider: ProviderConfig, *, user: Person, session_id: UUID, now: datetime) -> str:
    """A one-time ticket with which the person's own browser begins a link. The plaintext goes into an address.

    Where the person came in through a provider, only the browser of that trip may use it; else only one in which they
    are signed in on our pages.
    """
    trip = ExchangeCode.objects.filter(user=user, used_at__gt=now - FRESH).order_by("-used_at").first()
    minted = mint(TICKET_PREFIX)
    LinkTicket.objects.create(
        digest=minted.digest,
        user=user,
        provider=provider.slug,
        session_id=session_id,
        binding=trip.binding if trip else "",
        created_at=now,
        expires_at=now + TICKET_LIFETIME,
    )
    return minted.plaintext


def redeem_ticket(ticket: str, *, request: HttpRequest, now: datetime) -> LinkTicket:
    """The ticket, once, in a browser of the same person. Raises LoginRefused(link_requires_sign_in)."""
    row = LinkTicket.consume(digest(ticket), now=now)
    if row is None or not _same_person(row.user, session_id=row.session_id, bound_to=row.binding, request=request):
        raise LoginRefused(Code.LINK_REQUIRES_SIGN_IN, cause="the link ticket is not this browser's")
    return row


def require_same_person(attempt: LoginAttempt, *, request: HttpRequest) -> Person:
    """The person a link trip is for, still signed in, here. Raises LoginRefused(link_requires_sign_in)."""
    user = attempt.user
    if user is None or not _same_person(
        user, session_id=attempt.session_id, bound_to=attempt.binding if attempt.session_id else "", request=request
    ):
        raise LoginRefused(Code.LINK_REQUIRES_SIGN_IN, cause="the person who began the link is not signed in here")
    return user


def _same_person(user: Person, *, session_id: UUID | None, bound_to: str, request: HttpRequest) -> bool:
    if people.signed_in_here(request) == user.pk:
        return True
    if session_id is None or not bound_to or not browser_binding.same_browser(bound_to, request=request):
        return False
    return people.session_is_open(session_id, user=user)


def link(person: PersonClaims, *, user: Person, request: HttpRequest) -> Identity:
    """Link from inside. The same link again changes nothing. Raises LoginRefused(email_already_linked)."""
    try:
        with transaction.atomic(durable=True):
            known = Identity.objects.filter(issuer=person.issuer, subject=person.subject).first()
            if known is not None and known.user_id == user.pk:
                return known
            if known is not None:
                raise LoginRefused(Code.EMAIL_ALREADY_LINKED, cause="the identity is another account's")
            identity = Identity.objects.create(
                user=user, issuer=person.issuer, subject=person.subject, claims=person.kept
            )
            record(
                Event.IDENTITY_LINKED, actor=user, subject=user, request=request, issuer=person.issuer, by="from_inside"
            )
    except IntegrityError:
        raise LoginRefused(Code.EMAIL_ALREADY_LINKED, cause="the account has another subject of this issuer") from None
    return identity
