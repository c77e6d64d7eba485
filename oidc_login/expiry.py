"""Rows of sign-ins that have had their day."""

from datetime import datetime, timedelta

from fairlead import batches
from oidc_login.models import (
    AuthorizationRequest,
    ExchangeCode,
    ExpectedIdentity,
    LinkTicket,
    PendingLink,
    ProviderSession,
    SignInLink,
)

# An expired state may still restart its sign-in; a day later nobody asks for any of these.
KEEP = timedelta(days=1)


def forget_expired(now: datetime) -> int:
    """Delete what expired more than a day ago. Returns how many rows went."""
    models = (
        AuthorizationRequest, ExchangeCode, ExpectedIdentity, LinkTicket, PendingLink, ProviderSession, SignInLink,
    )  # fmt: skip
    return sum(batches.delete(model._base_manager.filter(expires_at__lt=now - KEEP)) for model in models)
