"""Mails, from the transaction that asks for one until a mail server has taken it.

The mail is a row of that transaction: what was answered is sent, whatever happens to this process or the mail server,
and what was rolled back is not. A try is claimed by one conditional UPDATE, so that of many processes one sends. Where
a process dies between the mail server's yes and ours, the mail goes out a second time, with the same Message-ID.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from fairlead import batches
from fairlead.conf import conf
from fairlead.credentials.fields import DecryptionFailed
from fairlead.transactions import durable
from fairlead.web import mail_thread
from fairlead.web.models import OutgoingMail

log = logging.getLogger(__name__)
State = OutgoingMail.State

# A process that claimed a try has this long; then it counts as dead, and another may try.
CLAIM = timedelta(minutes=5)
WAITS = tuple(timedelta(seconds=each) for each in (10, 30, 120, 600, 1800, 3600))
# For each answer of a mail server, where EMAIL_TIMEOUT is not set: one that hangs would stop all mail for ever.
PATIENCE = 10  # seconds
# Ended rows hold neither address nor text; they tell an operator what became of a mail.
KEEP = timedelta(days=30)


class NotTaken(OSError):
    """The mail backend says that it sent nothing: none is set up."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round of sending came to, in mails."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0


def put(
    kind: str,
    *,
    to: str,
    subject: str,
    body: str,
    good_for: timedelta,
    not_before: datetime | None = None,
    key: UUID | None = None,
) -> None:
    """Send a mail to one address, after commit. Without an address nothing is sent, with the same work.

    `good_for` is how long its links are: nobody is helped by a mail that comes later. `key` becomes the row's; a second
    mail with one key raises IntegrityError.
    """
    now = timezone.now()
    due = max(now, not_before or now)
    message = json.dumps({"to": to, "subject": subject, "body": body})
    row = OutgoingMail(kind=kind, message=message, created_at=now, next_try_at=due, give_up_at=due + good_for)
    row.pk = key or row.pk
    if not to:
        row.message, row.state, row.ended_at = None, State.FOR_NOBODY, now
    row.save(force_insert=True)
    transaction.on_commit(lambda: _hand_over(row.pk))


def begin() -> None:
    """Have this process send: what an earlier one left behind goes out without waiting for the next mail."""
    if conf().mail_in_background:
        mail_thread.wake(send_due)


def _hand_over(key: UUID) -> None:
    if conf().mail_in_background:
        mail_thread.wake(send_due)
    else:
        _try(key)


def send_due() -> Round:
    """Try every mail whose time has come, once. What fails waits for its next time."""
    now = timezone.now()
    due = OutgoingMail.objects.filter(state=State.WAITING, next_try_at__lte=now).order_by("next_try_at")
    tried = [_try(key) for key in due.values_list("pk", flat=True)]
    return Round(
        sent=tried.count(True),
        failed=tried.count(False),
        waiting=OutgoingMail.objects.filter(state=State.WAITING).count(),
    )


def _try(key: UUID) -> bool | None:
    """Whether it was sent; None where it is another's to try."""
    now = timezone.now()
    with durable():
        mine = OutgoingMail.objects.filter(pk=key, state=State.WAITING, next_try_at__lte=now)
        if not mine.update(next_try_at=now + CLAIM, tries=F("tries") + 1):
            return None
    try:
        row = OutgoingMail.objects.get(pk=key)
        _deliver(row)
    except DecryptionFailed:
        _end(key, State.GIVEN_UP, cause="none of FAIRLEAD_ENCRYPTION_KEYS decrypts it")
        log.error("mail given up", extra={"mail": str(key), "cause": "DecryptionFailed"})
        return False
    except (SMTPException, OSError, ValueError) as fault:
        # ValueError: an address or header that the mail library cannot write.
        _failed(row, fault, now=now)
        return False
    _end(key, State.SENT)
    return True


def _deliver(row: OutgoingMail) -> None:
    message = json.loads(row.message or "{}")
    host = urlsplit(conf().origin).hostname
    connection: Any = get_connection()
    if getattr(connection, "timeout", PATIENCE) is None:
        connection.timeout = PATIENCE
    taken = EmailMessage(
        subject=message["subject"],
        body=message["body"],
        to=[message["to"]],
        headers={"Message-ID": f"<{row.pk}@{host}>"},
        connection=connection,
    ).send()
    if taken == 0:
        raise NotTaken


def _failed(row: OutgoingMail, fault: Exception, *, now: datetime) -> None:
    cause = _cause(fault)
    told = {"mail": str(row.pk), "kind": row.kind, "tries": row.tries, "cause": cause}
    next_try_at = now + WAITS[min(row.tries, len(WAITS)) - 1]
    if _for_good(fault) or next_try_at > row.give_up_at:
        _end(row.pk, State.GIVEN_UP, cause=cause)
        log.error("mail given up", extra=told)
        return
    with durable():
        OutgoingMail.objects.filter(pk=row.pk, state=State.WAITING).update(next_try_at=next_try_at, cause=cause)
    log.error("mail not sent yet", extra=told)


def _end(key: UUID, state: OutgoingMail.State, *, cause: str = "") -> None:
    """With its end the mail is empty: what it said is nobody's business any more."""
    with durable():
        OutgoingMail.objects.filter(pk=key, state=State.WAITING).update(
            state=state, message=None, cause=cause, ended_at=timezone.now()
        )


def _cause(fault: Exception) -> str:
    """The kind of fault and the server's number. Its text may hold the address."""
    name = type(fault).__name__
    return f"{name} {fault.smtp_code}" if isinstance(fault, SMTPResponseException) else name


def _for_good(fault: Exception) -> bool:
    """Whether another try can only fail alike: the server refuses this recipient or message (RFC 5321 4.2.1: 5yz)."""
    if isinstance(fault, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in fault.recipients.values())
    return isinstance(fault, ValueError)


def forget_ended(now: datetime) -> int:
    """Delete mails that ended a month ago. Returns how many."""
    return batches.delete(OutgoingMail.objects.filter(ended_at__lt=now - KEEP))
