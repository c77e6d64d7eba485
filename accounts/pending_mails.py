"""Tell staff by mail that people wait for approval: at most once an hour, however many come.

Somebody who comes within the hour is told of in a mail that is put back until the hour is over, so that nobody is
forgotten. The mail names nobody: what a stranger typed as a name does not reach staff that way.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from fairlead.conf import conf
from fairlead.web import outbox
from fairlead.web.models import OutgoingMail

KIND = "people_wait"
_TEMPLATE = "accounts/mails/people_wait.txt"
EVERY = timedelta(hours=1)
_GOOD_FOR = timedelta(days=1)
_SPACE = UUID("6f3b7e0a-4c55-4d0e-9a55-3c1f0f1b7d52")


def tell() -> None:
    """In the transaction in which somebody begins to wait."""
    now = timezone.now()
    rows = OutgoingMail.objects.filter(kind=KIND)
    if rows.filter(state=OutgoingMail.State.WAITING, tries=0).exists():
        return
    last = rows.order_by("-created_at", "-pk").first()
    due = now if last is None else max(now, (last.ended_at or last.next_try_at) + EVERY)
    with translation.override(settings.LANGUAGE_CODE):
        people = f"{conf().origin}{reverse('admin:accounts_user_changelist')}?status__exact=pending"
        about_us = {"site": conf().site_name, "origin": conf().origin, "people": people}
        text = render_to_string(_TEMPLATE, about_us)
    subject, _, body = text.strip().partition("\n")
    for address in _recipients():
        # Of two that come at once, both with the same last mail, one finds the row taken.
        key = uuid5(_SPACE, f"{last.pk if last else ''} {address}")
        try:
            with transaction.atomic():
                outbox.put(
                    KIND, to=address, subject=subject.strip(), body=body.strip() + "\n", good_for=_GOOD_FOR,
                    not_before=due, key=key,
                )  # fmt: skip
        except IntegrityError:
            continue


def _recipients() -> list[str]:
    """The addresses of PENDING_MAILS_TO; without it all staff who may approve."""
    named = conf().pending_mails_to
    if named is not None:
        return list(named)
    staff = User.objects.filter(is_staff=True, status=User.Status.ACTIVE, is_active=True).order_by("email")
    return [each.email for each in staff if each.has_perm("accounts.change_user")]
