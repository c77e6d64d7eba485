"""Organizations, and the slugs they had."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairlead.orgs.models.role import Role
from fairlead.orgs.slugs import MAX_LENGTH


class Organization(models.Model):
    """A tenant. Everything that carries `organization` is invisible to every other one.

    From `enforced` on: how its members sign in, which its administrators decide.
    """

    audit_name = "organization"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(max_length=MAX_LENGTH, unique=True)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("Its keys and its users' tokens stop within 30 seconds.")
    )
    enforced = models.BooleanField(
        default=False, help_text=_("People with an address of its proven domains sign in at its provider alone.")
    )
    auto_join = models.BooleanField(
        default=True, help_text=_("Whoever signs in through its provider for the first time becomes a member.")
    )
    default_role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    session_hours = models.PositiveSmallIntegerField(
        default=24, help_text=_("Sessions that were opened through its provider end after so many hours.")
    )
    guests = models.BooleanField(
        default=False, help_text=_("While sign-in is enforced: members with an address of other domains may enter.")
    )
    role_claim = models.CharField(
        max_length=200, blank=True, help_text=_("The claim of its provider's ID tokens that gives roles.")
    )
    roles = models.JSONField(default=dict, blank=True, help_text=_("Which value of that claim gives which role."))

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="organization_has_a_name"),
            models.CheckConstraint(condition=~Q(slug=""), name="organization_has_a_slug"),
            models.CheckConstraint(condition=Q(default_role__in=Role.values), name="organization_default_role_known"),
            models.CheckConstraint(
                condition=Q(session_hours__gte=1, session_hours__lte=720), name="organization_session_hours_bounded"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def disabled(self) -> bool:
        return self.disabled_at is not None


class FormerSlug(models.Model):
    """A slug that an organization had: addresses with it are out in the world, so nobody else gets it."""

    slug = models.CharField(max_length=MAX_LENGTH, primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="former_slugs")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug
