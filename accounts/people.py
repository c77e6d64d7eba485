"""The people of this app, as the seam fairlead/people.py asks for them: passwords, pictures, sessions and tokens.

It decides nothing about linking; what may happen to a person is decided by the modules it calls.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import administrator, avatars, changes, pending_mails, policy, profile, unverified
from accounts.email import address_change, verification
from accounts.errors import InvalidCredentials
from accounts.models import Session, User
from accounts.passwords import proof
from accounts.sessions import browser, lifecycle
from accounts.sessions.signed_in import Tokens, facts
from fairlead import email_address
from fairlead.audit.events import Event, record
from fairlead.people import AccountState, SignedIn, SignupRules
from fairlead.verified_by import VerifiedBy
from fairlead.web import languages


class People:
    tokens = Tokens()

    def canonical(self, email: str) -> str:
        return email_address.canonical(email)

    def by_id(self, pk: Any, *, lock: bool = False) -> User | None:
        try:
            key = UUID(str(pk))
        except ValueError:
            return None
        return _rows(lock=lock).filter(pk=key).first()

    def by_email(self, canonical: str, *, lock: bool = False) -> User | None:
        return _rows(lock=lock).filter(email_canonical=canonical).first()

    def state(self, user: User) -> AccountState:
        return AccountState(
            status=user.status,
            email=user.email,
            email_canonical=user.email_canonical,
            verified_by=_trusted(user),
            has_password=user.has_usable_password(),
            is_staff=user.is_staff,
            is_superuser=user.is_superuser,
            name_is_own=user.name_source == User.NameSource.PERSON,
            picture_is_own=user.avatar_source == User.AvatarSource.UPLOAD,
            has_picture=user.avatar_source != User.AvatarSource.NONE,
        )

    def signup(self, canonical: str) -> SignupRules:
        current = policy.current()
        always = current.oidc_signup == "always"
        return SignupRules(
            open=always or current.mode != "disabled",
            review=not always and current.mode == "review",
            domain_allowed=current.domain_allowed(canonical),
            settings=current.all_named,
        )

    def create(self, *, email: str, name: str, verified_by: VerifiedBy, pending: bool, request: HttpRequest) -> User:
        status = User.Status.PENDING if pending else User.Status.ACTIVE
        user = User.objects.create_user(
            email,
            None,
            name=profile.cleaned(name),
            verified_by=verified_by,
            language=languages.of_request(request),
            status=status,
        )
        record(Event.REGISTERED, actor=user, subject=user, request=request, by="provider", pending=pending)
        if pending:
            pending_mails.tell()
        return user

    def update(
        self,
        user: User,
        *,
        name: str | None = None,
        email: str | None = None,
        verified_by: VerifiedBy | None = None,
        picture: bytes | None = None,
        request: HttpRequest | None = None,
    ) -> None:
        if name is not None and (cleaned := profile.cleaned(name)) and cleaned != user.name:
            user.name = cleaned
            with transaction.atomic():
                user.save(update_fields=["name", "updated_at"])
                changes.people.changed(transaction.on_commit)
        if email is not None:
            address_change.replace(user, email, verified_by=verified_by or VerifiedBy.NOTHING, request=request)
        elif verified_by:
            verification.mark(user, by=verified_by, request=request)
        if picture is not None:
            webp = avatars.reencode(picture)
            avatars.replace(user, webp, source=User.AvatarSource.OIDC)

    def promote(self, user: User, *, request: HttpRequest) -> None:
        if administrator.has_address(user):
            verification.mark(user, by=VerifiedBy.PROVIDER, request=request)

    def wipe_unverified(self, user: User, *, request: HttpRequest) -> bool:
        return unverified.wipe(user, request=request)

    def prove_password(self, request: HttpRequest, user: User, password: str) -> None:
        if proof.demand(request, email=user.email, password=password, even_where_disabled=True).pk != user.pk:
            raise InvalidCredentials

    def password_sign_in_allowed(self) -> bool:
        return policy.password_sign_in_allowed()

    def sign_in(
        self, request: HttpRequest, user: User, *, provider: str, sid: str = "", expires_at: datetime | None = None
    ) -> None:
        method = Session.Method.PROVIDER if provider else Session.Method.LINK
        browser.sign_in(request, user, method=method, provider=provider, sid=sid, expires_at=expires_at)

    def sign_out(self, request: HttpRequest) -> None:
        browser.sign_out(request)

    def end_sessions(
        self,
        user: User,
        *,
        provider: str | None = None,
        not_provider: str | None = None,
        sid: str | None = None,
        before: datetime | None = None,
    ) -> int:
        chosen = Session.objects.filter(user=user)
        if provider is not None:
            chosen = chosen.filter(provider=provider)
        if not_provider is not None:
            chosen = chosen.exclude(provider=not_provider)
        if sid is not None:
            chosen = chosen.filter(sid=sid)
        if before is not None:
            chosen = chosen.filter(started_at__lt=before)
        return lifecycle.end_chosen(chosen, user)

    def signed_in(self, request: HttpRequest) -> SignedIn | None:
        session = browser.session_of(request)
        return facts(session) if session else None

    def session_is_open(self, session_id: str, *, user: User) -> bool:
        session = Session.objects.select_related("user").filter(pk=session_id, user=user).first()
        return session is not None and session.is_open(timezone.now()) and session.user.is_active

    def may_administer(self, user: User, permission: str) -> bool:
        return bool(user.is_active and user.is_staff and user.has_perm(permission))


def _rows(*, lock: bool) -> "QuerySet[User]":
    return User.objects.select_for_update() if lock else User.objects.all()


def _trusted(user: User) -> VerifiedBy:
    """A typed address is trusted, not proven: that is not enough where the account is an administrator's, or would
    become one. There it counts as never verified, and what whoever typed it may hold goes."""
    powerful = user.is_staff or user.is_superuser or administrator.has_address(user)
    found = VerifiedBy(user.verified_by)
    return VerifiedBy.NOTHING if found is VerifiedBy.TYPED and powerful else found
