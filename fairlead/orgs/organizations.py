"""Organizations and who belongs to them: made, disabled, enabled. Each with its audit event, in one transaction."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from fairlead.audit.events import Event, record
from fairlead.memory import Stamp
from fairlead.orgs import slug_owners
from fairlead.orgs.models import Membership, Organization, Role

# Whatever is remembered together with its organization follows this.
changes = Stamp()


def create(
    name: str,
    *,
    slug: str | None = None,
    admin: Any = None,
    actor: Model | None = None,
    request: HttpRequest | None = None,
) -> Organization:
    """A new organization; `admin`, where given, is a person who becomes its first administrator.

    Without a slug it gets one that its name proposes. Raises SlugRefused.
    """
    with transaction.atomic():
        organization = slug_owners.insert(name, slug=slug)
        record(
            Event.ORGANIZATION_CREATED, actor=actor, subject=organization, request=request,
            organization=organization.pk, slug=organization.slug,
        )  # fmt: skip
        if admin is not None:
            membership = Membership.objects.create(organization=organization, user=admin, role=Role.ADMIN)
            record_membership(membership, actor=actor, request=request)
    return organization


def disable(organization: Organization, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    """Its keys and its users' tokens stop: here at once, in other processes within 30 seconds."""
    _set_disabled(organization, disabled=True, actor=actor, request=request)


def enable(organization: Organization, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    _set_disabled(organization, disabled=False, actor=actor, request=request)


def record_membership(
    membership: Membership, *, actor: Model | None, request: HttpRequest | None, removed: bool = False
) -> None:
    record(
        Event.MEMBERSHIP_CHANGED, actor=actor, subject=membership.organization, request=request,
        organization=membership.organization_id, person=membership.user_id, role=None if removed else membership.role,
    )  # fmt: skip


def _set_disabled(
    organization: Organization, *, disabled: bool, actor: Model | None, request: HttpRequest | None
) -> None:
    with transaction.atomic():
        changed = Organization.objects.filter(pk=organization.pk, disabled_at__isnull=disabled).update(
            disabled_at=timezone.now() if disabled else None
        )
        if changed:
            record(
                Event.ORGANIZATION_CHANGED, actor=actor, subject=organization, request=request,
                organization=organization.pk, disabled=disabled,
            )  # fmt: skip
        changes.changed(transaction.on_commit)
