"""API keys."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fairlead.orgs.models.organization import Organization


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
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: it does not expire."))
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    family = models.UUIDField(
        default=uuid.uuid4, editable=False, db_index=True, help_text=_("The same for a key and all its successors.")
    )
    of_service = models.BooleanField(
        default=False, editable=False, help_text=_("It is a service client's, and is rotated with it.")
    )
    successor = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="predecessor"
    )

    class Meta:
        verbose_name = _("API key")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organization", "-created_at", "-id"], name="api_key_page")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}...)"
