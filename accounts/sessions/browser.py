"""A browser's session. Django's own session names a Session row, and counts only while that row is open."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import account_status, changes
from accounts.models import Session, User
from accounts.sessions import lifecycle
from fairlead.audit.events import Event, record
from fairlead.web import languages

# In Django's session: the id of the row.
KEY = "fairlead_session"
_BACKEND = "accounts.backends.PasswordBackend"


class _Read(NamedTuple):
    """What was read for a request. It counts until somebody's row changes in this process."""

    key: UUID
    stamp: int
    session: Session | None


def sign_in(
    request: HttpRequest,
    user: User,
    *,
    method: str,
    provider: str = "",
    sid: str = "",
    expires_at: datetime | None = None,
) -> Session:
    """Sign the browser in, with a new session key. Whoever was signed in there before is signed out first.

    Raises AccountPending or AccountSuspended.
    """
    account_status.require_active(user)
    if before := session_of(request):
        lifecycle.end(before, actor=before.user if before.user_id == user.pk else None, request=request)
    session = lifecycle.begin(
        user,
        request=request,
        method=method,
        provider=provider,
        sid=sid,
        expires_at=expires_at,
        kind=Session.Kind.WEB,
    )
    # Flushes what another person left in this browser's session, else gives it a new key.
    login(request, user, backend=_BACKEND)
    bind(request, session)
    languages.keep(request, user.language)
    return session


def bind(request: HttpRequest, session: Session) -> None:
    """Name the row in this browser's session of Django's."""
    request.session[KEY] = str(session.pk)


def sign_out(request: HttpRequest) -> None:
    """End this browser's session. Nothing happens where nobody is signed in."""
    if session := session_of(request):
        with transaction.atomic():
            if lifecycle.close(Session.objects.filter(pk=session.pk)):
                record(Event.SIGNED_OUT, actor=session.user, subject=session, request=request)
        # For receivers of Django's signal: inside an API view request.user is nobody.
        request.user = session.user
    logout(request)


def session_of(request: HttpRequest) -> Session | None:
    """The open session of this browser, with its active user; None when nobody is signed in here (any more).

    Read once per request, as long as nothing changes.
    """
    try:
        key = UUID(request.session.get(KEY, ""))
    except (ValueError, TypeError):
        return None
    read: _Read | None = getattr(request, "_fairlead_session", None)
    if read is None or (read.key, read.stamp) != (key, changes.people.value):
        stamp = changes.people.value
        read = _Read(key, stamp, Session.objects.select_related("user").filter(pk=key).first())
        request._fairlead_session = read  # type: ignore[attr-defined]
    session = read.session
    return session if session and session.is_open(timezone.now()) and session.user.is_active else None
