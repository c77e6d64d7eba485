"""Tokens for API clients: a short access token and a refresh token that rotates at each use.

A refresh token is opaque and belongs to a family, the session. Its successor follows from it and from the row's salt
by HMAC, so two browser tabs that refresh at once get the same one, though it is stored nowhere. A rotated token that
comes back later than that was stolen, from the thief or from the owner: nobody can tell, so the family ends (RFC 9700
4.14.2).
"""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.errors import RefreshTokenInvalid
from accounts.models import RefreshToken, Session, User
from accounts.models.session import new_salt
from accounts.sessions import access_tokens, lifecycle
from fairlead import metrics
from fairlead.audit.events import Event, record
from fairlead.conf import conf
from fairlead.credentials import secrets
from fairlead.transactions import durable

PREFIX = "flr"


@dataclass(frozen=True, kw_only=True)
class TokenPair:
    """What a client gets. Never printed by accident."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    session: Session


def issue(
    user: User,
    *,
    request: HttpRequest,
    method: str,
    provider: str = "",
    sid: str = "",
    expires_at: datetime | None = None,
) -> TokenPair:
    """Open an API session and make its first tokens. Raises AccountPending or AccountSuspended."""
    now = timezone.now()
    minted = secrets.mint(PREFIX)
    with transaction.atomic():
        session = lifecycle.begin(
            user, request=request, method=method, provider=provider, sid=sid, expires_at=expires_at, now=now
        )
        RefreshToken.objects.create(digest=minted.digest, session=session, created_at=now)
        # Django's own signal: last_login.
        user_logged_in.send(sender=type(user), request=request, user=user)
    return _pair(session, minted.plaintext, now=now)


def refresh(raw: str, *, now: datetime | None = None, request: HttpRequest | None = None) -> TokenPair:
    """Exchange a refresh token for its successor and a new access token. Raises RefreshTokenInvalid.

    Not to be called inside a transaction: ending a stolen family must outlive the refusal.
    """
    now = now or timezone.now()
    if not secrets.well_formed(PREFIX, raw):
        raise RefreshTokenInvalid
    row = RefreshToken.objects.select_related("session__user").filter(digest=secrets.digest(raw)).first()
    if row is None:
        raise RefreshTokenInvalid
    if not row.session.is_open(now):
        raise _refused("ended", row)
    if not row.session.user.is_active:
        raise _refused("not_active", row)
    with durable():
        successor = _rotate(row, raw, now=now)
        if successor is None and lifecycle.end(row.session, request=request):
            metrics.refresh_reused.count()
            record(Event.REFRESH_REUSED, subject=row.session.user, request=request, session=row.session_id)
    if successor is None:
        raise _refused("reused", row)
    return _pair(row.session, successor, now=now)


def _refused(why: str, row: RefreshToken) -> RefreshTokenInvalid:
    """The caller is told the same whatever it is."""
    refused = RefreshTokenInvalid(cause_id=f"refresh_token.{why}")
    refused.person = row.session.user_id
    return refused


def revoke(raw: str, *, request: HttpRequest | None = None) -> None:
    """Sign out: end the family of this token, rotated or not. Quiet about tokens that are not known."""
    if not secrets.well_formed(PREFIX, raw):
        return
    row = RefreshToken.objects.select_related("session__user").filter(digest=secrets.digest(raw)).first()
    if row is not None:
        lifecycle.end(row.session, actor=row.session.user, request=request)


def _rotate(row: RefreshToken, raw: str, *, now: datetime) -> str | None:
    """The successor; None when the token was used before and its time of grace is over."""
    candidates = [_successor(raw, bytes(row.salt), secret) for secret in _secrets()]
    if RefreshToken.objects.filter(pk=row.pk, rotated_at=None).update(rotated_at=now):
        successor = candidates[0]
        RefreshToken.objects.create(digest=successor.digest, session=row.session, salt=new_salt(), created_at=now)
        lifecycle.seen(row.session, now=now)
        return successor.plaintext
    since = now - timedelta(seconds=conf().refresh_reuse_grace)
    if not conf().refresh_reuse_grace or not RefreshToken.objects.filter(pk=row.pk, rotated_at__gt=since).exists():
        return None
    unused = set(
        RefreshToken.objects.filter(digest__in=[each.digest for each in candidates], rotated_at=None).values_list(
            "digest", flat=True
        )
    )
    return next((each.plaintext for each in candidates if each.digest in unused), None)


def _successor(raw: str, salt: bytes, secret: str) -> secrets.Minted:
    digest = hmac.digest(access_tokens.key(secret, "refresh token successor"), raw.encode() + salt, "sha256")
    return secrets.of_body(PREFIX, base64.urlsafe_b64encode(digest).rstrip(b"=").decode())


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _pair(session: Session, refresh_token: str, *, now: datetime) -> TokenPair:
    access_token = access_tokens.make(user_id=session.user_id, session_id=session.pk, now=now)
    return TokenPair(access_token=access_token, refresh_token=refresh_token, session=session)
