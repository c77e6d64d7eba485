"""Invitations: mailed, withdrawn, and accepted once.

The link is in the mail and nowhere else: in no answer, page, log or row. It is opaque and looked up, and dies when
whoever sent it administers the organization no more, when the organization is disabled, and when another one is mailed
to the same address. What is answered to the inviter is the same whether the address has an account or not.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from fairlead import batches, email_address
from fairlead.audit.events import Event, record
from fairlead.conf import Rate
from fairlead.credentials import secrets
from fairlead.orgs import mails, members
from fairlead.orgs.errors import AlreadyMember, InvitationInvalid, OrganizationInvalid, WrongAddress
from fairlead.orgs.models import Invitation, Membership, Organization, Role
from fairlead.people import people
from fairlead.person_refusals import SeveralAccounts
from fairlead.web import mails as all_mails
from fairlead.web import rate_limits

PREFIX = "fli"
LIFETIME = timedelta(days=7)
KEEP = timedelta(days=30)  # beyond its end, to be shown
_A_DAY = Rate("20/86400")


def create(
    organization: Organization, *, email: str, role: Role, by: Membership, request: HttpRequest | None = None
) -> Invitation:
    """Mail an invitation; an open one to the same address ends. `by` is the administrator's own membership.

    Does not ask for a fresh sign-in. Raises OrganizationInvalid, AlreadyMember, RateLimited.
    """
    try:
        canonical = email_address.canonical(email)
    except email_address.InvalidAddress as refusal:
        raise OrganizationInvalid(errors={"email": [gettext(str(refusal))]}) from None
    _require_no_member(organization, canonical)
    _count(organization, canonical)
    now, minted = timezone.now(), secrets.mint(PREFIX)
    with transaction.atomic():
        _open(organization, canonical).update(ended_at=now)
        invitation: Invitation = Invitation.objects.create(
            organization=organization, email=email, email_canonical=canonical, role=role, invited_by=by.user,
            digest=minted.digest, created_at=now, expires_at=now + LIFETIME,
        )  # fmt: skip
        _record(Event.INVITATION_CREATED, invitation, by, request)
        mails.invited(invitation, raw_token=minted.plaintext, good_for=LIFETIME)
    return invitation


def resend(invitation: Invitation, *, by: Membership, request: HttpRequest | None = None) -> Invitation:
    """Mail it once more, with another link, good for as long as a new one; the link before is dead.

    From then on it counts as sent by `by`. Raises InvitationInvalid for one that was accepted or withdrawn,
    AlreadyMember, RateLimited.
    """
    _require_no_member(invitation.organization, invitation.email_canonical)
    _count(invitation.organization, invitation.email_canonical)
    minted = secrets.mint(PREFIX)
    with transaction.atomic():
        waiting = Invitation.objects.filter(pk=invitation.pk, used_at=None, ended_at=None)
        fields: dict[str, Any] = {
            "digest": minted.digest, "expires_at": timezone.now() + LIFETIME, "invited_by": by.user,
        }  # fmt: skip
        if not waiting.update(**fields):
            raise InvitationInvalid
        invitation.refresh_from_db()
        _record(Event.INVITATION_RESENT, invitation, by, request)
        mails.invited(invitation, raw_token=minted.plaintext, good_for=LIFETIME)
    return invitation


def withdraw(invitation: Invitation, *, by: Membership, request: HttpRequest | None = None) -> None:
    """Its link is dead. Of one that ended before, nothing changes. Raises InvitationInvalid for an accepted one."""
    with transaction.atomic():
        if Invitation.objects.filter(pk=invitation.pk, used_at=None, ended_at=None).update(ended_at=timezone.now()):
            _record(Event.INVITATION_WITHDRAWN, invitation, by, request)
        elif Invitation.objects.filter(pk=invitation.pk).exclude(used_at=None).exists():
            raise InvitationInvalid


def look(raw_token: str) -> Invitation:
    """The invitation, with its organization, not used up. Raises InvitationInvalid."""
    if not secrets.well_formed(PREFIX, raw_token):
        raise InvitationInvalid
    found: Invitation | None = (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(
            digest=secrets.digest(raw_token), used_at=None, ended_at=None, expires_at__gt=timezone.now(),
            organization__disabled_at=None,
        )
        .first()
    )  # fmt: skip
    if found is None or not _still_vouched_for(found):
        raise InvitationInvalid
    return found


def accept(invitation: Invitation, *, make: Callable[[], Any], request: HttpRequest | None = None) -> Membership:
    """Use the invitation up, by this call and by no other, and make the person whom `make` gives a member.

    `make` runs in the transaction of the membership. Does not ask whose address it is: `require_acceptable` does.
    Raises InvitationInvalid, AlreadyMember, and what `make` raises.
    """
    if Invitation.consume(invitation.digest, now=timezone.now(), ended_at=None) is None:
        raise InvitationInvalid
    with transaction.atomic():
        return members.join(
            invitation.organization, user=make(), role=Role(invitation.role), request=request, invitation=invitation.pk
        )


def require_acceptable(invitation: Invitation, user: Any) -> None:
    """The address is this person's, and they are no member yet. Raises WrongAddress, AlreadyMember."""
    if people().state(user).email_canonical != invitation.email_canonical:
        raise WrongAddress
    if Membership.objects.filter(organization=invitation.organization_id, user=user, ended_at=None).exists():
        raise AlreadyMember


def forget_expired(now: datetime) -> int:
    """Delete invitations whose time was over a month ago. Returns how many."""
    return batches.delete(Invitation.objects.filter(expires_at__lt=now - KEEP))


def _open(organization: Organization, canonical: str) -> Any:
    return Invitation.objects.filter(
        organization=organization, email_canonical=canonical, used_at=None, ended_at=None
    )  # fmt: skip


def _require_no_member(organization: Organization, canonical: str) -> None:
    try:
        person = people().by_email(canonical)
    except SeveralAccounts:
        return
    if person and Membership.objects.filter(organization=organization, user=person, ended_at=None).exists():
        raise AlreadyMember


def _count(organization: Organization, canonical: str) -> None:
    rate_limits.hit("invitations", str(organization.pk), _A_DAY)
    all_mails.count(canonical, by=str(organization.pk))


def _still_vouched_for(invitation: Invitation) -> bool:
    by = invitation.invited_by
    return bool(
        by is not None
        and by.is_active
        and members.administrators(invitation.organization).filter(user=by).exists()
    )  # fmt: skip


def _record(event: Event, invitation: Invitation, by: Membership, request: HttpRequest | None) -> None:
    record(
        event, actor=by.user, subject=invitation, request=request,
        organization=invitation.organization_id, role=invitation.role,
    )  # fmt: skip
