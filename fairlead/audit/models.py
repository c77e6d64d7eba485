"""The record of security events. Append-only: rows are written once; only `clear_expired` removes old ones."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone


class AppendOnly(Exception):
    """Somebody tried to change or delete what is on record."""


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Audit events are not changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Audit events are not deleted; `manage.py clear_expired` removes those older than AUDIT_DAYS.")

    def remove_older_than(self, moment: Any) -> int:
        """For `clear_expired` alone. Returns how many rows went."""
        return models.QuerySet(self.model, using=self.db).filter(at__lt=moment).delete()[0]


class AuditEvent(models.Model):
    """One event. Actor and subject are kept by type and id, not by reference: they may be deleted, the record stays."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    event = models.CharField(max_length=40, db_index=True)
    actor_type = models.CharField(max_length=60, blank=True)
    actor_id = models.CharField(max_length=64, blank=True, db_index=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=64, blank=True, db_index=True)
    address = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.event}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("Audit events are not changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Audit events are not deleted.")
