"""App users at our own door: who they are, and whether a proxy may let them through."""

from collections.abc import Collection, Mapping
from urllib.parse import quote

from django.utils import timezone
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.web.views import Api
from sdkclients import identity, schema
from sdkclients.authentication import EVERYBODY, AppUserAuthentication
from sdkclients.identity import Caller
from sdkclients.serializers import shape_caller


class AnyAppUser(AppUserAuthentication):
    """Every organization's users: these views tell them who they are and nothing else."""

    def accepted(self) -> Mapping[str, Collection[str]]:
        return EVERYBODY


class OfClientInPath(AnyAppUser):
    """The proxy names the client in the path. X-Client-Id comes from the outside and is not looked at."""

    def caller(self, request: Request, raw_token: str) -> Caller:
        client_id = request.parser_context["kwargs"]["client_id"]
        return identity.through_client(client_id, raw_token, now=timezone.now())


class Me(Api):
    authentication_classes = [AnyAppUser]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @schema.me
    def get(self, request: Request) -> Response:
        return Response(shape_caller(_caller(request)))


class Authorize(Api):
    authentication_classes = [OfClientInPath]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @schema.authorize
    def get(self, request: Request, client_id: str) -> Response:
        caller = _caller(request)
        headers = {
            "X-App-User-Id": quote(caller.user.external_id, safe=""),
            "X-App-User-Uuid": str(caller.user.pk),
            "X-User-Pool-Id": str(caller.pool.pk),
            "X-Organization-Id": str(caller.pool.organization_id),
        }
        return Response(status=204, headers=headers)


def _caller(request: Request) -> Caller:
    found: Caller = request._request.app_caller  # type: ignore[attr-defined]
    return found
