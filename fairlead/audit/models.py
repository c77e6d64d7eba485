"""The record: events, which are appended and never changed, and refusals, which are bounded and counted.

Only `clear_expired` removes old rows of either.
"""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils import timezone

from fairlead import batches


class AppendOnly(Exception):
    """Somebody tried to change or delete what is on record."""


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Audit events are not changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Audit events are not deleted; `manage.py clear_expired` removes those older than AUDIT_DAYS.")

    def remove_older_than(self, moment: Any) -> int:
        """For `clear_expired` alone. Returns how many rows went."""
        return batches.delete(models.QuerySet(self.model, using=self.db).filter(at__lt=moment))


class AuditEvent(models.Model):
    """One event. Actor, subject and organization are kept by id, not by reference: they may be deleted, the record
    stays. `organization` is the one whose administrators may read of it; empty: nobody's but the operator's."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    event = models.CharField(max_length=40, db_index=True)
    actor_type = models.CharField(max_length=60, blank=True)
    actor_id = models.CharField(max_length=64, blank=True, db_index=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=64, blank=True, db_index=True)
    organization = models.UUIDField(null=True, blank=True)
    address = models.CharField(max_length=64, blank=True, db_index=True)
    request_id = models.CharField(max_length=64, blank=True, db_index=True)
    details = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organization", "-at", "-id"], name="audit_event_page")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.event}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("Audit events are not changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Audit events are not deleted.")

    @property
    def speaks_of(self) -> tuple[tuple[str, Any], ...]:
        """Kind and id of whom and what it names."""
        actor, subject = (self.actor_type, self.actor_id), (self.subject_type, self.subject_id)
        return actor, subject, ("organization", self.organization)


class Refusal(models.Model):
    """Somebody was refused: `refusals.refused`. The first of a flood are rows, the last of those counts the rest.

    `id` is the error id that the person was shown. `nth` counts the rows of one `source` (who is counted together: a
    client network, or an SDK client), code and hour; `wider` is the network that holds many sources. Nobody's address
    is kept, only its HMAC (`addresses.digest`).
    """

    id = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    last_at = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField(default=1)
    code = models.CharField(max_length=40)
    cause = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    door = models.CharField(max_length=80, blank=True)
    request_id = models.CharField(max_length=64, blank=True, db_index=True)
    person_id = models.CharField(max_length=64, blank=True)
    address_hmac = models.CharField(max_length=64, blank=True)
    provider = models.CharField(max_length=64, blank=True)
    organization = models.UUIDField(null=True, blank=True)
    pool = models.UUIDField(null=True, blank=True)
    client = models.UUIDField(null=True, blank=True)
    key_prefix = models.CharField(max_length=32, blank=True)
    source = models.CharField(max_length=100)
    wider = models.CharField(max_length=100, blank=True)
    hour = models.DateTimeField()
    nth = models.PositiveSmallIntegerField(default=1)

    objects: ClassVar[models.Manager["Refusal"]] = models.Manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["code", "-at"], name="refusal_code"),
            models.Index(fields=["organization", "-at", "-id"], name="refusal_page"),
            models.Index(fields=["code", "hour", "wider"], name="refusal_wider"),
            models.Index(fields=["person_id", "-at"], name="refusal_person", condition=~models.Q(person_id="")),
            models.Index(fields=["address_hmac", "-at"], name="refusal_address", condition=~models.Q(address_hmac="")),
        ]
        constraints = [models.UniqueConstraint(fields=["source", "code", "hour", "nth"], name="refusal_bounded")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.code}"

    @property
    def speaks_of(self) -> tuple[tuple[str, Any], ...]:
        """Kind and id of whom and what it names."""
        tenant = (("organization", self.organization), ("user_pool", self.pool), ("sdk_client", self.client))
        return ("person", self.person_id), *tenant


class CallsOfDay(models.Model):
    """How many calls of one day (UTC) were refused at the token doors, and how many app users' were not (code `ok`).

    `token_doors` counts them. `key` is all of the others together.
    """

    key = models.CharField(max_length=64, primary_key=True)
    day = models.DateField(db_index=True)
    organization = models.UUIDField(null=True, blank=True)
    pool = models.UUIDField(null=True, blank=True)
    client = models.UUIDField(null=True, blank=True)
    code = models.CharField(max_length=40)
    count = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[models.Manager["CallsOfDay"]] = models.Manager()

    class Meta:
        ordering = ["-day"]
        indexes = [models.Index(fields=["organization", "day"], name="calls_of_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.code}: {self.count}"
