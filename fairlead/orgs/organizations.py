"""Organizations: made, changed, disabled, enabled. Each with its audit event, in one transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from fairlead.audit.events import Event, record
from fairlead.memory import Stamp
from fairlead.orgs import organization_names, slug_owners
from fairlead.orgs.errors import OrganizationInvalid, SlugIsTaken
from fairlead.orgs.models import Membership, Organization, Role
from fairlead.orgs.organization_names import NameRefused
from fairlead.orgs.slugs import SlugRefused

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


def current(organization: Organization) -> Organization:
    """The organization as the database has it now: what came with an API key may be seconds old."""
    return Organization.objects.get(pk=organization.pk)


def change(
    organization: Organization,
    *,
    given: Mapping[str, str],
    actor: Model | None = None,
    request: HttpRequest | None = None,
) -> Organization:
    """The organization with another name or slug (`given`). Raises OrganizationInvalid, SlugIsTaken."""
    with transaction.atomic():
        held = Organization.objects.select_for_update().get(pk=organization.pk)
        before = {"name": held.name, "slug": held.slug}
        if "name" in given:
            _rename(held, given["name"])
        if "slug" in given:
            _move(held, given["slug"])
        if before != {"name": held.name, "slug": held.slug}:
            record(
                Event.ORGANIZATION_CHANGED, actor=actor, subject=held, request=request, organization=held.pk,
                name=held.name, name_before=before["name"], slug=held.slug, slug_before=before["slug"],
            )  # fmt: skip
        changes.changed(transaction.on_commit)
    return held


def _rename(held: Organization, name: str) -> None:
    try:
        held.name = organization_names.cleaned(name)
    except NameRefused as refusal:
        raise OrganizationInvalid(errors={"name": [gettext(str(refusal))]}) from None
    held.save(update_fields=["name"])


def _move(held: Organization, slug: str) -> None:
    try:
        slug_owners.rename(held, slug)
    except slug_owners.SlugTaken:
        raise SlugIsTaken from None
    except SlugRefused as refusal:
        raise OrganizationInvalid(errors={"slug": [gettext(str(refusal))]}) from None


def disable(organization: Organization, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    """Its keys and its users' tokens stop: here at once, in other processes within 30 seconds."""
    _set_disabled(organization, disabled=True, actor=actor, request=request)


def enable(organization: Organization, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    _set_disabled(organization, disabled=False, actor=actor, request=request)


def record_membership(
    membership: Membership, *, actor: Model | None, request: HttpRequest | None, removed: bool = False, **more: Any
) -> None:
    record(
        Event.MEMBERSHIP_CHANGED, actor=actor, subject=membership.organization, request=request,
        organization=membership.organization_id, person=membership.user_id, role=None if removed else membership.role,
        **more,
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
