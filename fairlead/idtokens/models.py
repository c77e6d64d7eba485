"""The last good documents of other people's key and discovery endpoints, and the budget of fetches.

They make a restart harmless and the cooldown of a URL common to all processes. Nothing here is secret.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RemoteDocument(models.Model):
    """One row per kind and URL. `document` is the last good one, as JSON; empty where there never was one."""

    class Kind(models.TextChoices):
        KEYS = "keys", _("key set")
        METADATA = "metadata", _("discovery document")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    url = models.CharField(max_length=2048)
    document = models.TextField(blank=True, default="")
    fetched_at = models.DateTimeField(null=True)
    fresh_until = models.DateTimeField(null=True)
    next_fetch_at = models.DateTimeField(db_index=True, help_text=_("No process fetches before this moment."))
    claimed_at = models.DateTimeField(null=True, help_text=_("When the last fetch began."))
    error = models.TextField(blank=True, default="")
    error_at = models.DateTimeField(null=True)
    error_is_final = models.BooleanField(default=False, help_text=_("It can never work as it is configured."))

    class Meta:
        verbose_name = _("remote document")
        constraints = [models.UniqueConstraint(fields=["kind", "url"], name="one_document_per_kind_and_url")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.url}"


class FetchBudget(models.Model):
    """How many fetches one of `budgets` has had in one minute (a Unix time divided by 60)."""

    name = models.CharField(max_length=400, unique=True)
    minute = models.BigIntegerField(db_index=True)
    spent = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.name
