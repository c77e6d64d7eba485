"""Organizations, the people in them, and their API keys.

Invariants stand here as constraints; the rules are in `organizations` and `api_keys`. People are known through
AUTH_USER_MODEL alone.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Organization(models.Model):
    """A tenant. Everything that carries `organization` is invisible to every other one."""

    audit_name = "organization"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Its keys and its users' tokens stop within 30 seconds."
    )
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="organizations")

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="organization_has_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def disabled(self) -> bool:
        return self.disabled_at is not None


class Role(models.TextChoices):
    ADMIN = "admin", "admin"
    MEMBER = "member", "member"
    READ_ONLY = "read-only", "read-only"

    @property
    def writes(self) -> bool:
        return self is not Role.READ_ONLY


class Membership(models.Model):
    """What a person may do in an organization."""

    audit_name = "membership"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_per_person"),
            models.CheckConstraint(
                condition=Q(role__in=["admin", "member", "read-only"]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.organization_id}"


class ApiKey(models.Model):
    """A secret that speaks for an organization. Only its digest is kept; `prefix` is its recognisable start.

    As the `request.user` of a call it answers the two questions that Django's code asks of any user.
    """

    audit_name = "api_key"

    is_authenticated = True
    is_anonymous = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it does not expire.")
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    successor = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="predecessor"
    )

    class Meta:
        verbose_name = "API key"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organization", "-created_at", "-id"], name="api_key_page")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}...)"
