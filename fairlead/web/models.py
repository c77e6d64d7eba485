"""Counters of attempts, for when there is no cache that all processes share."""

from django.db import models


class AttemptCounter(models.Model):
    """How often something was tried in one window. The key is a digest: no address or e-mail is kept."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
