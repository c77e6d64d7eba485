"""Carries out what `linking` decides: one transaction, which also writes the code that ends the trip.

Parallel first logins of one person meet at the database's unique constraints: the loser rolls back, looks again and
finds what the winner made. Nothing here calls anybody outside.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from fairlead.audit.events import Event, record
from oidc_login import people
from oidc_login.codes import Code
from oidc_login.errors import LinkConfirmation, LoginRefused
from oidc_login.flow import exchange_codes
from oidc_login.flow.claims import PersonClaims, Proof
from oidc_login.flow.exchange_codes import Ending
from oidc_login.flow.facts import Account
from oidc_login.flow.linking import Action, Decision, decide
from oidc_login.models import Identity, PendingLink
from oidc_login.people import Person
from oidc_login.providers import ProviderConfig

log = logging.getLogger(__name__)
_ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A person has arrived. `code` is the exchange code's plaintext, empty where the trip ends without one."""

    user: Person
    identity: Identity
    code: str = ""
    notices: tuple[str, ...] = ()


def enrol(
    person: PersonClaims, *, provider: ProviderConfig, ending: Ending | None, request: HttpRequest, now: datetime
) -> Arrival:
    """Sign in, link or create, as the rules say. Without an `ending` (mobile) no code is written.

    Raises LoginRefused with the rule's code; LinkConfirmation where the account's password is asked for first.
    """
    for _ in range(_ROUNDS):
        try:
            with transaction.atomic(durable=True):
                outcome = _Enrolment(person, provider=provider, ending=ending, request=request, now=now).run()
        except IntegrityError:
            log.info("enrolment: somebody was faster; looking again")
            continue
        if isinstance(outcome, LoginRefused):
            raise outcome
        return outcome
    raise LoginRefused(Code.PROVIDER_ERROR, cause="the same person kept arriving in parallel")


def foresee(
    person: PersonClaims, *, provider: ProviderConfig, request: HttpRequest, now: datetime
) -> tuple[Decision, Person | None]:
    """What `enrol` would do, and to which account if there is one. Looks as it does, and writes nothing."""
    with transaction.atomic(durable=True):
        looked = _Enrolment(person, provider=provider, ending=None, request=request, now=now).look()
    return looked.decision, looked.known or looked.same_email


def attach(user: Person, *, row: PendingLink, request: HttpRequest, now: datetime) -> Arrival:
    """Link a pending identity after its account's password was given. Everything is checked again, under a lock."""
    with transaction.atomic(durable=True):
        fresh = people.locked(user)
        if PendingLink.objects.filter(pk=row.pk, used_at=None, expires_at__gt=now).update(used_at=now) != 1:
            raise LoginRefused(Code.LINK_CODE_INVALID, cause="the link code was used meanwhile")
        if fresh is None or people.canonical_of(fresh) != row.email_canonical:
            raise LoginRefused(Code.LINK_CODE_INVALID, cause="the account's address changed meanwhile")
        if Identity.objects.filter(issuer=row.issuer, subject=row.subject).exists():
            raise LoginRefused(Code.LINK_CODE_INVALID, cause="the identity was linked meanwhile")
        if Identity.objects.filter(issuer=row.issuer, user=fresh).exists():
            raise LoginRefused(Code.EMAIL_ALREADY_LINKED)
        identity = Identity.objects.create(
            user=fresh, issuer=row.issuer, subject=row.subject, claims=row.claims, last_login_at=now
        )
        if row.email_proven:
            people.prove_email(fresh, request=request)
        record(
            Event.IDENTITY_LINKED, actor=fresh, subject=fresh, request=request, issuer=row.issuer, by="password_given"
        )
    return Arrival(user=fresh, identity=identity)


@dataclass(frozen=True, kw_only=True)
class _Looked:
    """What was found, and what follows from it."""

    identity: Identity | None
    known: Person | None
    same_email: Person | None
    decision: Decision


class _Enrolment:
    """One look and one deed, inside one transaction. Returns a refusal instead of raising where rows must stay."""

    def __init__(
        self,
        person: PersonClaims,
        *,
        provider: ProviderConfig,
        ending: Ending | None,
        request: HttpRequest,
        now: datetime,
    ) -> None:
        self.person = person
        self.provider = provider
        self.ending = ending
        self.request = request
        self.now = now

    def run(self) -> Arrival | LoginRefused:
        looked = self.look()
        decision = looked.decision
        match decision.action:
            case Action.REFUSE:
                assert decision.code is not None  # noqa: S101 - narrows the type; `decide` always names one
                return LoginRefused(decision.code)
            case Action.SIGN_IN if looked.identity and looked.known:
                return self._sign_in(looked.known, identity=looked.identity)
            case Action.LINK if looked.same_email:
                return self._link(looked.same_email, decision=decision)
            case Action.ASK_FOR_PASSWORD if looked.same_email:
                return self._ask(looked.same_email)
        return self._create(decision)

    def look(self) -> _Looked:
        identity = self._linked_before()
        known = people.locked_by_id(identity.user_id) if identity else None
        same_email = None if known else people.locked_by_email(self.person.email_canonical)
        if same_email and (identity := self._linked_before()):
            # Between the two looks another first login of this person was committed: its account is no stranger's.
            known, same_email = people.locked_by_id(identity.user_id), None
        decision = decide(
            self.person,
            known=self._account(known),
            same_email=self._account(same_email),
            linking=self.provider.linking,
            signup=people.signup(self.person.email_canonical),
        )
        return _Looked(identity=identity, known=known, same_email=same_email, decision=decision)

    def _linked_before(self) -> Identity | None:
        return Identity.objects.filter(issuer=self.person.issuer, subject=self.person.subject).first()

    def _account(self, user: Person | None) -> Account | None:
        if user is None:
            return None
        linked = Identity.objects.filter(user=user, issuer=self.person.issuer).exists()
        return people.account(user, linked_at_issuer=linked)

    def _sign_in(self, user: Person, *, identity: Identity, notices: tuple[str, ...] = ()) -> Arrival:
        people.sync_name(user, name=self.person.name)
        if self._proves_address_of(user):
            people.promote(user, request=self.request)
        identity.claims = self.person.kept
        identity.last_login_at = self.now
        identity.save(update_fields=["claims", "last_login_at"])
        code = ""
        if self.ending:
            code = exchange_codes.issue_exchange_code(user, ending=self.ending, notices=list(notices), now=self.now)
        return Arrival(user=user, identity=identity, code=code, notices=notices)

    def _proves_address_of(self, user: Person) -> bool:
        """Whether the provider vouches, now, for the very address that the account has."""
        return self.person.proof is Proof.PROVEN and self.person.email_canonical == people.canonical_of(user)

    def _link(self, user: Person, *, decision: Decision) -> Arrival:
        notices = self._drop_holdings(user) if decision.drop_holdings else ()
        identity = self._identity(user)
        people.prove_email(user, request=self.request)
        record(
            Event.IDENTITY_LINKED,
            actor=user,
            subject=user,
            request=self.request,
            issuer=self.person.issuer,
            by="verified_address",
        )
        return self._sign_in(user, identity=identity, notices=notices)

    def _drop_holdings(self, user: Person) -> tuple[str, ...]:
        """Whoever registered here never proved the address; its owner now has. Nothing of the stranger's stays."""
        return ("password_removed",) if people.drop_holdings(user, request=self.request) else ()

    def _ask(self, user: Person) -> LoginRefused:
        if self.ending is None:
            return LoginRefused(Code.LINK_CONFIRMATION_REQUIRED)
        return LinkConfirmation(
            exchange_codes.issue_link_code(user, person=self.person, ending=self.ending, now=self.now)
        )

    def _create(self, decision: Decision) -> Arrival | LoginRefused:
        user = people.create(
            email=self.person.email,
            name=self.person.name,
            email_verified=decision.email_verified,
            pending=decision.review,
            request=self.request,
        )
        identity = self._identity(user)
        record(
            Event.IDENTITY_LINKED, actor=user, subject=user, request=self.request, issuer=self.person.issuer, by="new"
        )
        if self._proves_address_of(user):
            people.promote(user, request=self.request)
        if people.status_of(user) == "pending":
            return LoginRefused(Code.ACCOUNT_PENDING)
        return self._sign_in(user, identity=identity)

    def _identity(self, user: Person) -> Identity:
        return Identity.objects.create(
            user=user, issuer=self.person.issuer, subject=self.person.subject, claims=self.person.kept
        )
