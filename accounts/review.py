"""What administrators decide about people: let in, turn away, shut out, let back in. The person is told where it helps.

Each returns whether anything changed, so that a list of many can be worked through twice without harm.
"""

from django.db import transaction
from django.http import HttpRequest

from accounts import account_status
from accounts.email import mailer
from accounts.models import User
from accounts.sessions import lifecycle

Status = User.Status


def approve(user: User, *, actor: User | None, request: HttpRequest | None = None) -> bool:
    """A pending person may sign in from now on, and gets a mail that says so."""
    return _decide(user, before=Status.PENDING, after=Status.ACTIVE, actor=actor, request=request, mail="approved")


def reject(user: User, *, actor: User | None, request: HttpRequest | None = None) -> bool:
    """A pending person stays out. The account is kept, suspended, so that its address cannot simply come again."""
    return _decide(user, before=Status.PENDING, after=Status.SUSPENDED, actor=actor, request=request, mail="rejected")


def suspend(user: User, *, actor: User | None, request: HttpRequest | None = None) -> bool:
    """Shut an active person out, on every device."""
    with transaction.atomic():
        changed = _decide(user, before=Status.ACTIVE, after=Status.SUSPENDED, actor=actor, request=request)
        if changed:
            lifecycle.end_all(user, actor=actor, request=request)
    return changed


def reactivate(user: User, *, actor: User | None, request: HttpRequest | None = None) -> bool:
    return _decide(user, before=Status.SUSPENDED, after=Status.ACTIVE, actor=actor, request=request)


def _decide(
    user: User,
    *,
    before: User.Status,
    after: User.Status,
    actor: User | None,
    request: HttpRequest | None,
    mail: str = "",
) -> bool:
    with transaction.atomic():
        current = User.objects.select_for_update().filter(pk=user.pk, status=before).first()
        if current is None or not account_status.change(current, after, actor=actor, request=request):
            return False
        if mail:
            mailer.send(mail, to=current.email, language=current.language)
    user.status, user.is_active = after, after == Status.ACTIVE
    return True
