"""Members of an organization."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fairlead.orgs.models.organization import Organization
from fairlead.orgs.models.role import Role


class RoleSource(models.TextChoices):
    """Where a role comes from. One that was set by hand no claim changes."""

    HAND = "hand", _("set by hand")
    CLAIM = "claim", _("from a claim of the provider")


class Membership(models.Model):
    """What a person may do in an organization.

    Who leaves or is removed keeps the row, with `ended_at`: signing in again does not make them a member again, an
    invitation does, and then `joined_at` is new.
    """

    audit_name = "membership"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    role_source = models.CharField(max_length=10, choices=RoleSource, default=RoleSource.HAND, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: a member."))

    last_seen_at: datetime | None = None
    """Once `members.load_last_seen` looked."""

    class Meta:
        indexes = [models.Index(fields=["organization", "-created_at", "-id"], name="membership_page")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_per_person"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(condition=Q(role_source__in=RoleSource.values), name="membership_role_source_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.organization_id}"
