"""How somebody is signed in on a site without `accounts`. With it, its own sessions say that, and this stays empty."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderSession(models.Model):
    """One browser's sign-in. Its Django session names this row, and counts only while the row is there.

    The row names no session key: whoever reads the table cannot sit down in anybody's place.
    """

    audit_name = "provider_session"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40, blank=True, default="")
    sid = models.CharField(max_length=255, blank=True, default="", help_text=_("The provider's id of its own session."))
    authenticated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["provider", "sid"], name="provider_session_by_sid")]

    def __str__(self) -> str:
        return f"signed in through {self.provider or 'a link'}, {self.authenticated_at:%Y-%m-%d %H:%M:%S}"

    def is_open(self, now: datetime) -> bool:
        return now < self.expires_at
