"""Who is who at a provider, and who is expected to come from one."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

OF_INSTANCE, OF_ORGANIZATION = Q(organization=None), Q(organization__isnull=False)
EXPECTED_FOR = timedelta(days=90)


class Identity(models.Model):
    """A person at a provider: (issuer, subject) is the key, and it belongs to one user (OpenID Connect Core 5.7).

    Made through an organization's provider, it belongs to that organization, and only its provider finds it: else one
    organization's provider could vouch for another's people.
    """

    audit_name = "identity"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        "fairlead_orgs.Organization", on_delete=models.CASCADE, null=True, editable=False, related_name="+"
    )
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255, blank=True, default="", help_text=_("Ours, at that provider."))
    provider = models.CharField(max_length=40, blank=True, default="", help_text=_("Id of the last one."))
    claims = models.JSONField(default=dict, help_text=_("Name, e-mail and its flag as last received; nothing else."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_login_at = models.DateTimeField(null=True)
    picture_url = models.CharField(max_length=2048, blank=True, default="")
    picture_etag = models.CharField(max_length=255, blank=True, default="")
    picture_looked_at = models.DateTimeField(null=True)
    picture_taken = models.BooleanField(default=False, help_text=_("Whether the last look ended in a picture."))

    class Meta:
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], condition=OF_INSTANCE, name="identity_unique"),
            models.UniqueConstraint(
                fields=["organization", "issuer", "subject"], condition=OF_ORGANIZATION, name="identity_unique_in_org"
            ),
            # One subject per user, issuer and client, also when two first sign-ins race. Per client, because some
            # providers (Entra ID) give each application a subject of its own for the same person.
            models.UniqueConstraint(
                fields=["user", "issuer", "client_id"], condition=OF_INSTANCE, name="identity_one_per_user"
            ),
            models.UniqueConstraint(
                fields=["user", "organization", "issuer", "client_id"],
                condition=OF_ORGANIZATION,
                name="identity_one_per_user_in_org",
            ),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(issuer=""), name="identity_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"


def _in_time() -> datetime:
    return timezone.now() + EXPECTED_FOR


class ExpectedIdentity(models.Model):
    """Somebody who used to come from this issuer with this address, entered by an import. Linked once.

    What the import came from kept no subjects, only addresses; so the first one who comes is taken for them.
    """

    audit_name = "expected_identity"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=255)
    address = models.CharField(max_length=254, help_text=_("In its canonical form."))
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=_in_time, db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = _("expected identities")
        constraints = [models.UniqueConstraint(fields=["issuer", "address"], name="expected_identity_unique")]

    def __str__(self) -> str:
        return f"somebody expected from {self.issuer}"
