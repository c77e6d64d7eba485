"""Rows of the login trip that have had their day."""

from datetime import datetime, timedelta

from oidc_login.models import ExchangeCode, LinkTicket, LoginAttempt, PendingLink, SignInLink

# An expired state may still restart its login; a day later nobody asks for any of these.
KEEP = timedelta(days=1)


def forget_expired(now: datetime) -> int:
    """Delete one-time rows that expired more than a day ago. Returns how many."""
    models = (LoginAttempt, ExchangeCode, LinkTicket, PendingLink, SignInLink)
    return sum(model.objects.filter(expires_at__lt=now - KEEP).delete()[0] for model in models)
