"""Being signed in on a site without `accounts`: Django's session, and a row that says through which provider.

The row is what `end` deletes; the middleware then takes the browser's session away. The session names the row, not the
row the session: its key is a credential, and a new one is made when a password changes.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_backends, get_user, login, logout
from django.http import HttpRequest
from django.utils import timezone

from fairlead.audit.events import Event, record
from fairlead.people import SignedIn
from fairlead.signals import signed_in, tell
from oidc_login.backends import ProviderBackend
from oidc_login.models import ProviderSession

KEY = "oidc_login_session"
SINCE = "oidc_login_since"
_NEVER = datetime.min.replace(tzinfo=UTC)


def begin(request: HttpRequest, user: Any, *, provider: str, sid: str, expires_at: datetime | None) -> None:
    """Sign the browser in. Somebody else's session in it is flushed, one of the same person gets a new key."""
    forget(request)
    login(request, user, backend=_backend())
    now = timezone.now()
    row = ProviderSession.objects.create(
        user=user,
        provider=provider,
        sid=sid,
        authenticated_at=now,
        expires_at=expires_at or now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    request.session[KEY] = str(row.pk)
    if expires_at is not None:
        request.session.set_expiry(expires_at)
    record(Event.SIGNED_IN, actor=user, subject=row, request=request, provider=provider, kind="web")
    tell(signed_in, sender=ProviderSession, user=user, request=request, provider=provider)


def here(request: HttpRequest) -> SignedIn | None:
    # Not request.user: inside a view of Django REST framework that is whoever the view's own classes recognised.
    user = get_user(request)
    if not user.is_authenticated:
        return None
    if KEY not in request.session:
        # The site's own sign-in page.
        return SignedIn(user=user, session_id="", authenticated_at=_since(request))
    row = _row(request.session[KEY])
    if row is None or row.user_id != user.pk:
        return None
    return SignedIn(
        user=user, session_id=str(row.pk), authenticated_at=row.authenticated_at, provider=row.provider
    )  # fmt: skip


def is_open(session_id: str, *, user: Any) -> bool:
    row = _row(session_id)
    return row is not None and row.user_id == user.pk


def end(
    user: Any, *, provider: str | None, not_provider: str | None, sid: str | None, before: datetime | None
) -> int:  # fmt: skip
    rows = ProviderSession.objects.filter(user=user)
    if provider is not None:
        rows = rows.filter(provider=provider)
    if not_provider is not None:
        rows = rows.exclude(provider=not_provider)
    if sid is not None:
        rows = rows.filter(sid=sid)
    if before is not None:
        rows = rows.filter(authenticated_at__lt=before)
    return rows.delete()[0]


def sign_out(request: HttpRequest) -> None:
    """End what this browser has; receivers of Django's signal are told who goes, also from inside an API view."""
    request.user = get_user(request)
    logout(request)


def forget(request: HttpRequest) -> None:
    """Delete the row that this browser's session names."""
    if (row := _row(request.session.get(KEY, ""))) is not None:
        row.delete()
    request.session.pop(KEY, None)


def note(request: HttpRequest) -> None:
    """Somebody signed in, by whatever way: from now on they count as fresh, for a while."""
    request.session[SINCE] = timezone.now().isoformat()


def _since(request: HttpRequest) -> datetime:
    """Not `last_login`: that is also renewed in another browser, and would make a stolen session fresh."""
    try:
        return datetime.fromisoformat(request.session.get(SINCE, ""))
    except (ValueError, TypeError):
        return _NEVER


def _row(session_id: Any) -> ProviderSession | None:
    try:
        row = ProviderSession.objects.filter(pk=UUID(session_id)).first()
    except (ValueError, TypeError, AttributeError):
        return None
    return row if row and row.is_open(timezone.now()) else None


def _backend() -> str:
    """As the site lists it: it may have a subclass. A check demands that there is one."""
    found = next(each for each in get_backends() if isinstance(each, ProviderBackend))
    return f"{type(found).__module__}.{type(found).__qualname__}"
