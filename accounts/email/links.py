"""One-time links: made, looked at, used once.

A link is opened by mail scanners too, so looking at it changes nothing; only the click on the page behind it does.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts.errors import InvalidRequest
from accounts.models import MailedLink, Session, User
from fairlead.credentials import secrets

PREFIX = "flm"
Purpose = MailedLink.Purpose
_LIFETIMES = {
    Purpose.VERIFY_EMAIL: timedelta(days=3),
    Purpose.CHANGE_EMAIL: timedelta(hours=24),
    Purpose.DISOWN_CHANGE: timedelta(hours=24),
    Purpose.RESET_PASSWORD: timedelta(hours=1),
}


class LinkInvalid(InvalidRequest):
    """Used, replaced, expired or never made: nobody is told which."""

    cause_id = "mailed_link.unknown"

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("This link was used already, has expired or is damaged. Ask for a new one."),
            errors={"token": [gettext("Not valid (any more).")]},
        )


def make(
    purpose: MailedLink.Purpose, *, user: User | None, email: str, now: datetime, session: Session | None = None
) -> str:
    """A new token; it takes back earlier ones of the same purpose. `user` None: written for the sake of equal work.

    With a `session` it ends when that ends.
    """
    minted = secrets.mint(PREFIX)
    with transaction.atomic():
        # Without a user this finds nothing, in the same time.
        MailedLink.objects.filter(user_id=user.pk if user else uuid.UUID(int=0), purpose=purpose).delete()
        MailedLink.objects.create(
            digest=minted.digest,
            user=user,
            purpose=purpose,
            email=email,
            session=session,
            created_at=now,
            expires_at=now + _LIFETIMES[purpose],
        )
    return minted.plaintext


def lifetime(purpose: MailedLink.Purpose) -> timedelta:
    return _LIFETIMES[purpose]


def look(raw_token: str, *purposes: MailedLink.Purpose, now: datetime) -> MailedLink:
    """The link, unused. Raises LinkInvalid."""
    if not secrets.well_formed(PREFIX, raw_token):
        raise LinkInvalid
    link: MailedLink | None = (
        MailedLink.objects.select_related("user")
        .filter(digest=secrets.digest(raw_token), purpose__in=purposes, used_at=None, expires_at__gt=now)
        .exclude(user=None)
        .first()
    )
    if link is None:
        raise LinkInvalid
    return link


def void_all(user: User) -> None:
    """Take back whatever was mailed for an account that has another address now."""
    MailedLink.objects.filter(user=user, used_at=None).delete()


def use(link: MailedLink) -> None:
    """Use the link up, by this call and by no other, whatever happens afterwards. Raises LinkInvalid."""
    if MailedLink.consume(link.digest, now=timezone.now()) is None:
        raise LinkInvalid
