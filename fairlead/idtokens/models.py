"""The last good documents of other people's key and discovery endpoints, and the budget of fetches.

They make a restart harmless and the cooldown of a URL common to all processes. Nothing here is secret.
"""

from django.db import models


class KeySetSnapshot(models.Model):
    """One row per kind and URL. `document` is the last good one, as JSON; empty where there never was one."""

    class Kind(models.TextChoices):
        KEYS = "keys", "key set"
        METADATA = "metadata", "discovery document"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    url = models.CharField(max_length=2048)
    document = models.TextField(blank=True, default="")
    fetched_at = models.DateTimeField(null=True)
    fresh_until = models.DateTimeField(null=True)
    next_fetch_at = models.DateTimeField(help_text="No process fetches before this moment.")
    claimed_at = models.DateTimeField(null=True, help_text="When the last fetch began.")
    error = models.TextField(blank=True, default="")
    error_at = models.DateTimeField(null=True)
    error_is_final = models.BooleanField(default=False, help_text="It can never work as it is configured.")

    class Meta:
        verbose_name = "key set snapshot"
        constraints = [models.UniqueConstraint(fields=["kind", "url"], name="one_snapshot_per_kind_and_url")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.url}"


class FetchBudget(models.Model):
    """How many fetches a host or an organization has had in one minute (a Unix time divided by 60)."""

    name = models.CharField(max_length=300, unique=True)
    minute = models.BigIntegerField()
    spent = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.name
