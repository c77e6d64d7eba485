"""Accepting an invitation: by somebody who is signed in with its address, or by somebody new.

Whoever holds the link reads the mailbox: for somebody new that proves the address. Where the address has an account it
proves nothing about who holds that, so they sign in first.
"""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest

from accounts import profile
from accounts.email import verification
from accounts.errors import SignInFirst
from accounts.models import User
from accounts.passwords import hashing, new_password
from fairlead.audit.events import Event, record
from fairlead.verified_by import VerifiedBy
from fairlead.web import seams


@dataclass(frozen=True, kw_only=True)
class Accepted:
    user: User
    membership: Any
    """With `organization` and `role`."""


def door() -> Any:
    """`fairlead.orgs.invitations`, of whatever app brings it. Raises Http404 on a site without organizations."""
    found = next(iter(seams.invitations), None)
    if found is None:
        raise Http404
    return found


def account_of(invitation: Any) -> User | None:
    """Whose address it was sent to, whatever their status."""
    return User.objects.filter(email_canonical=invitation.email_canonical).first()


def accept(raw_token: str, *, user: User, request: HttpRequest) -> Accepted:
    """For somebody who is signed in. Raises InvitationInvalid, WrongAddress, AlreadyMember."""
    invitation = door().look(raw_token)
    door().require_acceptable(invitation, user)

    def proven() -> User:
        # They are signed in to the account and have what was mailed to its address: as a followed link.
        verification.mark(user, by=VerifiedBy.LINK, request=request)
        return user

    return Accepted(user=user, membership=door().accept(invitation, make=proven, request=request))


def accept_as_new(raw_token: str, *, name: str, password: str, request: HttpRequest) -> Accepted:
    """For somebody without an account: an active one, whatever the rules for registration say.

    Raises InvitationInvalid, SignInFirst, PasswordLoginDisabled, InvalidRequest.
    """
    invitation = door().look(raw_token)
    if account_of(invitation) is not None:
        raise SignInFirst
    new_password.require_allowed()
    user = User(
        email=invitation.email,
        name=profile.acceptable(name),
        name_source=User.NameSource.PERSON,
        status=User.Status.ACTIVE,
    )
    with hashing.place():
        new_password.require_acceptable(password, user=user, field="password")
        user.set_password(password)

    def made() -> User:
        user.save(force_insert=True)
        record(Event.REGISTERED, actor=user, subject=user, request=request, by="invitation")
        verification.mark(user, by=VerifiedBy.LINK, request=request)
        return user

    try:
        return Accepted(user=user, membership=door().accept(invitation, make=made, request=request))
    except IntegrityError:
        # Somebody registered with the address since it was looked for.
        raise SignInFirst from None
