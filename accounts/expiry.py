"""Sessions, refresh tokens and mailed links that have had their day."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session as BrowserSession

from accounts.models import MailedLink, RefreshToken, Session
from fairlead import batches

# An ended session stays visible to administrators for a while, and a rotated token recognisable: its coming back is how
# a theft is noticed.
KEEP = timedelta(days=30)


def forget_expired(now: datetime) -> int:
    """Delete what ended, expired or was rotated a month ago, and mailed links that expired. Returns how many rows."""
    past = now - KEEP
    return (
        batches.delete(RefreshToken.objects.filter(rotated_at__lt=past))
        + batches.delete(Session.objects.filter(ended_at__lt=past))
        + batches.delete(Session.objects.filter(expires_at__lt=past))
        + batches.delete(MailedLink.objects.filter(expires_at__lt=now))
    )


def forget_browser_sessions(now: datetime) -> int:
    return batches.delete(BrowserSession.objects.filter(expire_date__lt=now))
