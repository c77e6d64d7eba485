"""Rows that are good for one use, until a moment. What the browser or the mail holds is not here, only its digest."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from fairlead.transactions import durable


class OneTime(models.Model):
    """Consumed by one conditional UPDATE, so that of fifty parallel uses one succeeds.

    The UPDATE commits before `consume` returns: an error afterwards does not bring the row back to life. Inside a
    transaction of a host (ATOMIC_REQUESTS) it is part of that one, since nothing else is possible there.
    """

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

    @classmethod
    def consume(cls, digest: str, *, now: datetime, **also: Any) -> Self | None:
        """The row, exactly once, if it was neither used nor expired and matches `also`; else None."""
        return cls.burn(digest, now=now, expires_at__gt=now, **also)

    @classmethod
    def burn(cls, digest: str, *, now: datetime, **also: Any) -> Self | None:
        """The row, exactly once, expired or not: for whoever has to tell late from never."""
        with durable():
            usable = cls.objects.filter(digest=digest, used_at=None, **also)
            if usable.update(used_at=now) != 1:
                return None
            row: Self = cls.objects.get(digest=digest)
            return row


class Tried(OneTime):
    """One that is guessed at beside a password: it stands MOST_TRIES of them, right or wrong."""

    MOST_TRIES: ClassVar[int] = 5
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @classmethod
    def count_try(cls, digest: str, *, now: datetime) -> Self | None:
        """The row, not used up, if it is still good and had a try left. The count commits before this returns."""
        with durable():
            usable = cls.objects.filter(digest=digest, used_at=None, expires_at__gt=now, tries__lt=cls.MOST_TRIES)
            if usable.update(tries=models.F("tries") + 1) != 1:
                return None
            row: Self = cls.objects.get(digest=digest)
            return row

    def give_try_back(self) -> None:
        """Of a try that was none: nothing was compared."""
        with durable():
            type(self).objects.filter(pk=self.pk, tries__gt=0).update(tries=models.F("tries") - 1)
