"""Being signed in: beginning, binding to a browser, ending.

One Session row per browser or API client. A browser's Django session names its row and counts only while that row is
open, so a session ends for good even if its cookie was copied.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import account_status, changes
from accounts.models import RefreshToken, Session, User
from accounts.sessions import user_agent
from fairlead.audit.events import Event, record

API_LIFETIME = timedelta(days=90)
FRESH = timedelta(minutes=5)
KEY = "fairlead_session"
_BACKEND = "accounts.backends.PasswordBackend"
_SEEN_STEP = timedelta(minutes=5)


def begin(
    user: User,
    *,
    request: HttpRequest,
    method: str,
    provider: str = "",
    now: datetime | None = None,
    kind: str = Session.Kind.API,
) -> Session:
    """Open a session. Raises AccountPending or AccountSuspended. `method` is password, provider or link."""
    account_status.require_active(user)
    now = now or timezone.now()
    lifetime = timedelta(seconds=settings.SESSION_COOKIE_AGE) if kind == Session.Kind.WEB else API_LIFETIME
    with transaction.atomic():
        session = Session.objects.create(
            user=user,
            kind=kind,
            device=user_agent.describe(request.headers.get("User-Agent", "")),
            method=method,
            provider=provider,
            started_at=now,
            authenticated_at=now,
            last_seen_at=now,
            expires_at=now + lifetime,
        )
        record(
            Event.SIGNED_IN, actor=user, subject=session, request=request, method=method, provider=provider, kind=kind
        )
    return session


def sign_in_web(request: HttpRequest, user: User, *, method: str, provider: str = "") -> Session:
    """Sign the browser in, with a new session key. Whoever was signed in there before is signed out first."""
    account_status.require_active(user)
    if before := of(request):
        end(before, actor=before.user if before.user_id == user.pk else None, request=request)
    session = begin(user, request=request, method=method, provider=provider, kind=Session.Kind.WEB)
    # Flushes what another person left in this browser's session, else gives it a new key.
    login(request, user, backend=_BACKEND)
    request.session[KEY] = str(session.pk)
    return session


def keep_web(request: HttpRequest, user: User) -> None:
    """Keep this browser signed in over a change of its person's password, under a new session key."""
    update_session_auth_hash(request, user)


def sign_out_web(request: HttpRequest) -> None:
    """End this browser's session. Nothing happens where nobody is signed in."""
    if session := of(request):
        with transaction.atomic():
            if _close(Session.objects.filter(pk=session.pk)):
                record(Event.SIGNED_OUT, actor=session.user, subject=session, request=request)
    logout(request)


def of(request: HttpRequest) -> Session | None:
    """The open session of this browser, with its user; None when nobody is signed in here (any more)."""
    try:
        key = UUID(request.session.get(KEY, ""))
    except (ValueError, TypeError):
        return None
    session = Session.objects.select_related("user").filter(pk=key).first()
    return session if session and session.is_open(timezone.now()) else None


def open_sessions(user: User, *, now: datetime) -> list[Session]:
    return list(Session.objects.filter(user=user, ended_at=None, expires_at__gt=now))


def fresh(session: Session, *, now: datetime) -> bool:
    """Whether the person proved who they are within the last five minutes."""
    return now - session.authenticated_at <= FRESH


def seen(session: Session, *, now: datetime) -> None:
    """Note that the session is in use, to within five minutes: no write per request."""
    if now - session.last_seen_at >= _SEEN_STEP:
        Session.objects.filter(pk=session.pk, ended_at=None).update(last_seen_at=now)


def end(session: Session, *, actor: User | None = None, request: HttpRequest | None = None) -> bool:
    """End one session and its refresh tokens. False when it was over already."""
    return bool(end_chosen(Session.objects.filter(pk=session.pk), session.user, actor=actor, request=request))


def end_others(
    user: User, *, keep: Session | UUID | None, actor: User | None = None, request: HttpRequest | None = None
) -> int:
    """End all sessions of the person but one. Returns how many ended."""
    kept = keep.pk if isinstance(keep, Session) else keep
    others = Session.objects.filter(user=user)
    if kept is not None:
        others = others.exclude(pk=kept)
    return end_chosen(others, user, actor=actor, request=request)


def end_all(user: User, *, actor: User | None = None, request: HttpRequest | None = None) -> int:
    return end_chosen(Session.objects.filter(user=user), user, actor=actor, request=request)


def end_chosen(
    chosen: "models.QuerySet[Session]", user: User, *, actor: User | None = None, request: HttpRequest | None = None
) -> int:
    """End those of the person's sessions that are in `chosen`. Returns how many ended."""
    with transaction.atomic():
        ended = _close(chosen)
        if ended:
            record(Event.SESSION_ENDED, actor=actor, subject=user, request=request, count=ended)
    return ended


def _close(chosen: "models.QuerySet[Session]") -> int:
    ended = list(chosen.filter(ended_at=None).values_list("pk", flat=True))
    count = Session.objects.filter(pk__in=ended, ended_at=None).update(ended_at=timezone.now())
    RefreshToken.objects.filter(session__in=ended).delete()
    changes.people.changed(transaction.on_commit)
    return count
