"""Invitations."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from fairlead.credentials.one_time import OneTime
from fairlead.orgs.models.organization import Organization
from fairlead.orgs.models.role import Role


class Invitation(OneTime):
    """That whoever reads a mailbox may become a member. Only the digest of what was mailed is kept.

    It counts while whoever sent it administers the organization. `ended_at`: withdrawn, or another one took its place.
    """

    audit_name = "invitation"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.CharField(max_length=254)
    email_canonical = models.CharField(max_length=254)
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "-created_at", "-id"], name="invitation_page")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email_canonical"],
                condition=Q(used_at=None, ended_at=None),
                name="one_open_invitation_per_address",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"an invitation to {self.organization_id} as {self.role}"
