"""Whether a person may be here: pending and suspended people get no session and no token, through any door."""

from django.db import transaction
from django.http import HttpRequest

from accounts import changes
from accounts.errors import AccountPending, AccountSuspended
from accounts.models import User
from fairlead.audit.events import Event, record


def require_active(user: User) -> None:
    """Raises AccountPending or AccountSuspended. Call it only after the person proved who they are."""
    if user.status == User.Status.PENDING:
        raise AccountPending
    if user.status != User.Status.ACTIVE:
        raise AccountSuspended


def change(user: User, status: User.Status, *, actor: User | None, request: HttpRequest | None = None) -> bool:
    """Set a person's status. False when it was that already. Sessions are refused by the status itself."""
    with transaction.atomic():
        changed = (
            User.objects.filter(pk=user.pk)
            .exclude(status=status)
            .update(status=status, is_active=status == User.Status.ACTIVE)
        )
        if changed:
            record(
                Event.STATUS_CHANGED, actor=actor, subject=user, request=request, before=user.status, after=str(status)
            )
            changes.people.changed(transaction.on_commit)
    user.status = status
    user.is_active = status == User.Status.ACTIVE
    return bool(changed)
