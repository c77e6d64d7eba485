"""SDK clients: what an application, or a backend service, names itself with."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairlead.orgs.models import ApiKey, Organization
from userpools.models import UserPool


class Kind(models.TextChoices):
    APPLICATION = "application", _("application: its users come from a pool")
    SERVICE = "service", _("service: it has an API key")


class SdkClient(models.Model):
    """An application points to a pool, a service to its current API key. Kind, pool and organization never change."""

    audit_name = "sdk_client"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="sdk_clients")
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=1000, blank=True)
    kind = models.CharField(max_length=11, choices=Kind, editable=False)
    pool = models.ForeignKey(UserPool, on_delete=models.PROTECT, null=True, editable=False, related_name="sdk_clients")
    api_key = models.OneToOneField(
        ApiKey,
        on_delete=models.RESTRICT,
        null=True,
        editable=False,
        related_name="sdk_client",
        verbose_name=_("API key"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    working_keys: list[ApiKey]
    """Filled by `clients.load_keys`."""

    class Meta:
        verbose_name = _("SDK client")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organization", "-created_at", "-id"], name="sdk_client_page")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="application", pool__isnull=False, api_key=None)
                | Q(kind="service", pool=None, api_key__isnull=False),
                name="sdk_client_points_to_what_its_kind_says",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="sdk_client_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
