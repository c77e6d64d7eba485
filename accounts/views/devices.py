"""Where the person is signed in: list, end one, end all others."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import AccessTokenAuthentication, reread
from accounts.models import Session
from accounts.schema import problems
from accounts.serializers import SessionSerializer
from accounts.sessions import lifecycle
from fairlead.web.views import Api

_TOKEN = "not_authenticated, expired, revoked, bad_signature"


class Sessions(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @extend_schema(
        operation_id="listSessions",
        tags=["Local accounts"],
        responses={200: SessionSerializer(many=True), **problems(_401=_TOKEN)},
    )
    def get(self, request: Request) -> Response:
        """The devices that are signed in, the one seen last first."""
        current = reread(request)
        found = lifecycle.open_sessions(current.user, now=timezone.now())
        return Response(SessionSerializer(found, many=True, context={"current": current.pk}).data)

    @extend_schema(
        operation_id="endOtherSessions",
        tags=["Local accounts"],
        request=None,
        responses={204: None, **problems(_401=_TOKEN)},
    )
    def delete(self, request: Request) -> Response:
        """End all sessions but this one."""
        current = reread(request)
        lifecycle.end_others(current.user, keep=current, actor=current.user, request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OneSession(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @extend_schema(
        operation_id="endSession",
        tags=["Local accounts"],
        request=None,
        responses={204: None, **problems(_401=_TOKEN, _404="not_found")},
    )
    def delete(self, request: Request, session_id: UUID) -> Response:
        """End one session, this one too if it is named."""
        current = reread(request)
        session = Session.objects.filter(pk=session_id, user=current.user).select_related("user").first()
        if session is None or not session.is_open(timezone.now()):
            raise Http404
        lifecycle.end(session, actor=current.user, request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
