"""What the pages and calls of both wings keep: counters of attempts, mails that wait to be sent, and when
jobs ended."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fairlead.credentials.fields import EncryptedTextField


class AttemptCounter(models.Model):
    """How often something was tried in one window, for when there is no cache that all processes share.

    The key is a digest: no address or e-mail is kept.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"


class OutgoingMail(models.Model):
    """A mail between the transaction that asked for it and the mail server that took it: `web.outbox`.

    `message` holds its recipient and text, links included: encrypted while it waits, gone from the moment it ended.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given up"
        FOR_NOBODY = "nobody", _("for nobody: equal work, whether an address has an account or not")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40, help_text=_("Which mail it is: its template's name."))
    message = EncryptedTextField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now, help_text=_("No process tries before this moment."))
    give_up_at = models.DateTimeField(help_text=_("From then on its links are of no use to anybody."))
    tries = models.PositiveSmallIntegerField(default=0)
    cause = models.CharField(max_length=100, blank=True, help_text=_("Why the last try failed."))
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["OutgoingMail"]] = models.Manager()

    class Meta:
        ordering = ["-created_at"]
        # No rows of its own: the Health page stands beside the outbox.
        permissions = [("view_health", _("Can see the Health page"))]
        indexes = [
            models.Index(fields=["next_try_at"], name="mail_waiting", condition=Q(state="waiting")),
            models.Index(fields=["ended_at"], name="mail_ended", condition=Q(ended_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_emptied_with_its_end",
                condition=Q(state="waiting", ended_at=None) | Q(ended_at__isnull=False, message__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.state}"


class FinishedJob(models.Model):
    """When a job of the timers last came to its end, so that one that stopped running is noticed."""

    NAMES: ClassVar[tuple[str, ...]] = ("clear_expired",)

    name = models.CharField(max_length=40, primary_key=True)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}, {self.ended_at:%Y-%m-%d %H:%M}"
