"""Members: roles given and taken, and the end of a membership.

The organization's row is locked for each change, so that of two administrators who demote each other one stays, and
whoever lost the right meanwhile changes nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from fairlead import signals
from fairlead.orgs import mails
from fairlead.orgs.errors import AlreadyMember, LastAdmin, NoSuchMember, OrganizationRefused
from fairlead.orgs.models import Membership, Organization, Role, RoleSource
from fairlead.orgs.organizations import record_membership
from fairlead.web import seams


def change_role(
    membership: Membership, *, role: Role, by: Membership, request: HttpRequest | None = None
) -> Membership:
    """Give the member this role, by hand: no claim changes it any more. `by` is the administrator's own membership.

    Does not ask for a fresh sign-in. Raises LastAdmin, NoSuchMember, OrganizationRefused.
    """
    with _held(membership, by=by) as held:
        if by.pk != held.pk:
            _require_admin(by)
        before = Role(held.role)
        if before is Role.ADMIN and role is not Role.ADMIN:
            _require_another_admin(held)
        held.role, held.role_source = role, RoleSource.HAND
        held.save(update_fields=["role", "role_source"])
        if before is not role:
            record_membership(held, actor=by.user, request=request, role_before=before)
            if Role.ADMIN in (before, role):
                mails.administrators_changed(held, role=role)
    return held


def end(membership: Membership, *, by: Membership, request: HttpRequest | None = None) -> None:
    """The person leaves, or is removed. The row stays: no sign-in makes them a member again, an invitation does.

    Does not ask for a fresh sign-in. Raises LastAdmin, NoSuchMember, OrganizationRefused.
    """
    with _held(membership, by=by) as held:
        if by.pk != held.pk:
            _require_admin(by)
        if held.role == Role.ADMIN:
            _require_another_admin(held)
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])
        record_membership(held, actor=by.user, request=request, removed=True, role_before=held.role)
        if held.role == Role.ADMIN:
            mails.administrators_changed(held, role=None)
        signals.tell(signals.member_left, sender=Membership, user=held.user, organization=held.organization)


def join(
    organization: Organization, *, user: Any, role: Role, request: HttpRequest | None = None, **more: Any
) -> Membership:
    """Make the person a member, or one again; `more` goes on record. Raises AlreadyMember."""
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        member = Membership.objects.filter(organization=organization, user=user).first()
        if member is None:
            member = Membership(organization=organization, user=user)
        elif member.ended_at is None:
            raise AlreadyMember
        member.role, member.role_source = role, RoleSource.HAND
        member.joined_at, member.ended_at = timezone.now(), None
        member.save()
        record_membership(member, actor=user, request=request, **more)
        if role is Role.ADMIN:
            mails.administrators_changed(member, role=role)
        signals.tell(signals.member_joined, sender=Membership, user=user, organization=organization)
    return member


def load_last_seen(found: Sequence[Membership]) -> None:
    """Give each its `last_seen_at`, as far as the site knows: at most one query for all."""
    people = [membership.user_id for membership in found]
    seen = [each for look in seams.last_seen for each in look(people).items()]
    for membership in found:
        membership.last_seen_at = max((at for person, at in seen if person == membership.user_id), default=None)


def organizations_of(person: Any) -> list[dict[str, str]]:
    """Where the person is a member, by name: `{id, slug, name, role}` each. Disabled organizations are left out."""
    found = Membership.objects.filter(user=person, ended_at=None, organization__disabled_at=None)
    return [
        {
            "id": str(each.organization.pk),
            "slug": each.organization.slug,
            "name": each.organization.name,
            "role": str(each.role),
        }
        for each in found.select_related("organization").order_by("organization__name", "organization_id")
    ]


def administrators(organization: Organization) -> QuerySet[Membership]:
    """Memberships, with their people, also of such as are suspended now."""
    admins = Membership.objects.filter(organization=organization, ended_at=None, role=Role.ADMIN)
    return admins.select_related("user")


@contextmanager
def _held(membership: Membership, *, by: Membership) -> Iterator[Membership]:
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=membership.organization_id)
        current = Membership.objects.filter(organization=membership.organization_id, ended_at=None)
        held = current.select_related("user", "organization").filter(pk=membership.pk).first()
        if held is None:
            raise NoSuchMember
        yield held


def _require_admin(by: Membership) -> None:
    """What the caller may was looked up before the lock; another administrator may have been faster."""
    if not Membership.objects.filter(pk=by.pk, ended_at=None, role=Role.ADMIN).exists():
        raise OrganizationRefused


def _require_another_admin(held: Membership) -> None:
    """Somebody who can sign in: a suspended administrator administers nothing."""
    others = administrators(held.organization).exclude(pk=held.pk)
    if not any(each.user.is_active for each in others):
        raise LastAdmin
