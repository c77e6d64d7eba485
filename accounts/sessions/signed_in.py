"""Somebody who is signed in: as an API client is told, and as other apps ask through the seam fairlead/people.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from accounts.authentication import AccessTokenAuthentication, reread
from accounts.models import Session, User
from accounts.serializers import UserSerializer
from accounts.sessions import tokens
from fairlead.people import SignedIn


def body(pair: tokens.TokenPair, user: User) -> dict[str, Any]:
    """What every answer holds that signs an API client in."""
    return {
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "user": UserSerializer(user).data,
    }


def facts(session: Session) -> SignedIn:
    return SignedIn(
        user=session.user,
        session_id=str(session.pk),
        authenticated_at=session.authenticated_at,
        provider=session.provider,
    )


class Tokens:
    """Access tokens of 15 minutes, and refresh tokens that rotate."""

    authentication_classes = (AccessTokenAuthentication,)
    user_serializer = UserSerializer

    def issue(
        self, request: HttpRequest, user: User, *, provider: str, sid: str = "", expires_at: datetime | None = None
    ) -> Mapping[str, Any]:
        pair = tokens.issue(
            user, request=request, method=Session.Method.PROVIDER, provider=provider, sid=sid, expires_at=expires_at
        )
        return body(pair, user)

    def signed_in(self, request: Any) -> SignedIn:
        return facts(reread(request))
