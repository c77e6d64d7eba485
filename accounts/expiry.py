"""Sessions and mailed links that have had their day."""

from datetime import datetime, timedelta

from accounts.models import MailedLink, Session

# An ended session stays visible to its owner and to administrators for a while.
KEEP = timedelta(days=30)


def forget_expired(*, now: datetime) -> int:
    """Delete sessions that ended or expired a month ago, with their refresh tokens, and old links. Returns how many."""
    past = now - KEEP
    return (
        Session.objects.filter(ended_at__lt=past).delete()[0]
        + Session.objects.filter(expires_at__lt=past).delete()[0]
        + MailedLink.objects.filter(expires_at__lt=past).delete()[0]
    )
