"""Where the person is signed in: list, end one, end all others."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import AccessTokenAuthentication, reread
from accounts.models import Session
from accounts.schema import account
from accounts.serializers import SessionSerializer
from accounts.sessions import lifecycle
from fairlead.web.views import Api


class Sessions(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @account.list_sessions
    def get(self, request: Request) -> Response:
        current = reread(request)
        found = lifecycle.open_sessions(current.user, now=timezone.now())
        return Response(SessionSerializer(found, many=True, context={"current": current.pk}).data)

    @account.end_others
    def delete(self, request: Request) -> Response:
        current = reread(request)
        lifecycle.end_others(current.user, keep=current, actor=current.user, request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OneSession(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @account.end_session
    def delete(self, request: Request, session_id: UUID) -> Response:
        current = reread(request)
        session = Session.objects.filter(pk=session_id, user=current.user).select_related("user").first()
        if session is None or not session.is_open(timezone.now()):
            raise Http404
        lifecycle.end(session, actor=current.user, request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
