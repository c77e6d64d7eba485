"""Being signed in: one Session row per browser or API client, from its beginning to its end.

What a browser holds of it is in `browser`, what an API client holds in `tokens`. Both count only while the row is open,
so a session ends for good even if its cookie or token was copied.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import account_status, changes
from accounts.models import MailedLink, RefreshToken, Session, User
from accounts.sessions import user_agent
from fairlead import signals
from fairlead.audit.events import Event, record
from fairlead.people import FRESH

API_LIFETIME = timedelta(days=90)
_SEEN_STEP = timedelta(minutes=5)


def begin(
    user: User,
    *,
    request: HttpRequest,
    method: str,
    provider: str = "",
    sid: str = "",
    expires_at: datetime | None = None,
    now: datetime | None = None,
    kind: str = Session.Kind.API,
) -> Session:
    """Open a session. `method` is password, provider or link; `expires_at` ends it earlier than usual.

    Raises AccountPending or AccountSuspended.
    """
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
            sid=sid,
            started_at=now,
            authenticated_at=now,
            last_seen_at=now,
            expires_at=min(now + lifetime, expires_at or now + lifetime),
        )
        record(
            Event.SIGNED_IN, actor=user, subject=session, request=request, method=method, provider=provider, kind=kind
        )
        signals.tell(signals.signed_in, sender=Session, user=user, request=request, provider=provider)
    return session


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


def end_others(user: User, *, keep: Session, actor: User | None = None, request: HttpRequest | None = None) -> int:
    """End all sessions of the person but one. Returns how many ended."""
    others = Session.objects.filter(user=user).exclude(pk=keep.pk)
    return end_chosen(others, user, actor=actor, request=request)


def end_all(user: User, *, actor: User | None = None, request: HttpRequest | None = None) -> int:
    return end_chosen(Session.objects.filter(user=user), user, actor=actor, request=request)


def end_chosen(
    chosen: QuerySet[Session], user: User, *, actor: User | None = None, request: HttpRequest | None = None
) -> int:
    """End those of the person's sessions that are in `chosen`. Returns how many ended."""
    with transaction.atomic():
        ended = close(chosen)
        if ended:
            record(Event.SESSION_ENDED, actor=actor, subject=user, request=request, count=ended)
    return ended


def close(chosen: QuerySet[Session]) -> int:
    """End these sessions, with their refresh tokens and what was asked for in them, without a record of it."""
    ended = list(chosen.filter(ended_at=None).values_list("pk", flat=True))
    count = Session.objects.filter(pk__in=ended, ended_at=None).update(ended_at=timezone.now())
    RefreshToken.objects.filter(session__in=ended).delete()
    # A change of address belongs to the session that asked for it.
    MailedLink.objects.filter(session__in=ended).delete()
    changes.people.changed(transaction.on_commit)
    return count
