"""The DRF door for our own access tokens.

None for what is no token of ours (API keys, ID tokens of a pool): another class may know it. A token of ours that does
not count raises. `request.user` and `request.auth` come from memory for up to SECONDS: a view that shows or
changes the person reads the row again.
"""

import copy
import time
from datetime import datetime
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext_noop
from rest_framework.request import Request

from accounts import changes
from accounts.errors import TokenRefused
from accounts.models import Session, User
from accounts.sessions import access_tokens
from accounts.sessions.access_tokens import AccessToken
from fairlead.memory import Memory
from fairlead.web.door import BearerAuthentication

# The delay with which another process notices an ended session or a suspended person.
SECONDS = 15
_known: Memory[str, tuple[User, AccessToken]] = Memory(seconds=SECONDS, size=10_000, follows=(changes.people,))


class AccessTokenAuthentication(BearerAuthentication):
    """`Authorization: Bearer <access token>` -> (User, AccessToken), at our views' doors and at a host's."""

    door = "own"

    def recognise(self, request: Request) -> tuple[User, AccessToken] | None:
        scheme, _, raw_token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer" or not access_tokens.is_ours(raw_token):
            return None
        return resolve(raw_token, now=time.time())

    def authenticated_at(self, request: Request) -> datetime:
        """When the person of this request last proved who they are. Raises TokenRefused where the session has ended."""
        return reread(request).authenticated_at


def resolve(raw_token: str, *, now: float) -> tuple[User, AccessToken]:
    """Whom an access token stands for: one query, none on a repeat. Raises TokenRefused."""
    if (known := _known.get(raw_token, now=now)) is not None:
        user, token = known
        return _twin(user), token
    stamp = _known.stamp
    token = access_tokens.read(raw_token, now=now)
    session = Session.objects.select_related("user").filter(pk=token.session_id, user=token.user_id).first()
    if session is None or session.ended_at is not None or now >= session.expires_at.timestamp():
        raise TokenRefused("revoked", gettext_noop("This session has ended. Sign in again."))
    if not session.user.is_active:
        raise TokenRefused("revoked", gettext_noop("This account cannot be used now. Sign in again to learn why."))
    until = min(token.expires_at, session.expires_at.timestamp())
    _known.put(raw_token, (session.user, token), stamp=stamp, now=now, until=until)
    return _twin(session.user), token


def _twin(user: User) -> User:
    """A copy for one request: what a view changes on it must not show up in the next request."""
    twin = User.__new__(User)
    state: dict[str, Any] = user.__dict__.copy()
    state["_state"] = copy.copy(user._state)
    twin.__dict__.update(state)
    return twin


def reread(request: Request) -> Session:
    """The open session and its person as the database has them now. Raises TokenRefused.

    For views that show or change the person: what `request.user` remembers may be SECONDS old.
    """
    token = cast(AccessToken, request.auth)
    session = Session.objects.select_related("user").filter(pk=token.session_id, user=token.user_id).first()
    if session is None or not session.is_open(timezone.now()) or not session.user.is_active:
        raise TokenRefused("revoked", gettext_noop("This session has ended. Sign in again."))
    return session
