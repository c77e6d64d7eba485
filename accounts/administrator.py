"""The administrator of the settings: who owns FAIRLEAD's ADMIN_EMAIL, and has proven it, becomes one."""

from django.db import transaction
from django.http import HttpRequest

from accounts import changes
from accounts.models import User
from fairlead import email_address
from fairlead.audit.events import Event, record
from fairlead.conf import conf
from fairlead.verified_by import VerifiedBy


def has_address(user: User) -> bool:
    """Whether this is the account with ADMIN_EMAIL, proven or not."""
    wanted = conf().admin_email
    try:
        return bool(wanted) and email_address.canonical(wanted) == user.email_canonical
    except email_address.InvalidAddress:
        return False


def promote(user: User, *, request: HttpRequest | None = None) -> bool:
    """Make the person of ADMIN_EMAIL administrator, once the address is proven. True when that changed.

    A pending one becomes active: where everybody waits for an administrator, nobody could let the first one in.
    A suspended one stays out.
    """
    if not has_address(user) or not VerifiedBy(user.verified_by).makes_administrator:
        return False
    if user.status == User.Status.SUSPENDED:
        return False
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk).exclude(is_staff=True, is_superuser=True, status="active")
        if not changed.update(is_staff=True, is_superuser=True, status=User.Status.ACTIVE, is_active=True):
            return False
        record(Event.ADMIN_GRANTED, subject=user, request=request, reason="FAIRLEAD_ADMIN_EMAIL")
        changes.people.changed(transaction.on_commit)
    user.is_staff = user.is_superuser = user.is_active = True
    user.status = User.Status.ACTIVE
    return True
