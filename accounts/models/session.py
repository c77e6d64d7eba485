"""Where a person is signed in: one row per browser or API client, and the refresh tokens of the latter.

Only digests of tokens are kept. A successor of a refresh token is never stored: it follows from the token and the salt.
"""

import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def new_salt() -> bytes:
    return secrets.token_bytes(16)


class Session(models.Model):
    """A signed-in device. Ending it ends its browser session and its tokens."""

    audit_name = "session"

    class Method(models.TextChoices):
        PASSWORD = "password", _("Password")
        PROVIDER = "provider", _("Provider")
        LINK = "link", _("one-time link")

    class Kind(models.TextChoices):
        WEB = "web", _("browser")
        API = "api", _("application")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=3, choices=Kind)
    device = models.CharField(max_length=80)
    method = models.CharField(max_length=8, choices=Method)
    provider = models.CharField(max_length=64, blank=True, help_text=_("The id of the provider that vouched."))
    sid = models.CharField(max_length=255, blank=True, help_text=_("That provider's name for its own session."))
    started_at = models.DateTimeField(_("started"))
    authenticated_at = models.DateTimeField(_("last proof"))
    last_seen_at = models.DateTimeField(_("last seen"))
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["-last_seen_at"]
        indexes = [
            models.Index(fields=["user", "-last_seen_at"], name="session_by_user"),
            models.Index(fields=["provider", "sid"], name="session_by_sid", condition=~Q(sid="")),
            models.Index(fields=["ended_at"], name="session_by_end", condition=Q(ended_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="session_method", condition=Q(method__in=["password", "provider", "link"])),
            models.CheckConstraint(name="session_kind", condition=Q(kind__in=["web", "api"])),
        ]

    def __str__(self) -> str:
        return gettext("{device}, since {start:%Y-%m-%d %H:%M}").format(device=self.device, start=self.started_at)

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


class RefreshToken(models.Model):
    """One member of a session's family of refresh tokens. `rotated_at` is when it was exchanged for its successor."""

    digest = models.CharField(max_length=64, unique=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    salt = models.BinaryField(max_length=16, default=new_salt)
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["rotated_at"], name="refresh_rotated", condition=Q(rotated_at__isnull=False))]

    def __str__(self) -> str:
        return f"refresh token {self.digest[:8]} (digest)"
