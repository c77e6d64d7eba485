"""A view as the tenants wing writes them, and a way for a person to say who they are, for the tests of orgs alone."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import path
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.orgs import tenancy
from fairlead.orgs.authentication import ApiKeyAuthentication, MemberAuthentication
from fairlead.orgs.models import ApiKey
from fairlead.orgs.permissions import InOrganization
from fairlead.orgs.rights import Right
from fairlead.web.views import Api


class PersonHeader(BaseAuthentication):
    """Stands for the people wing's access token: the header X-Person holds the id, X-Signed-In-At when they last proved it (left out: now)."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        person = request.META.get("HTTP_X_PERSON")
        return (get_user_model().objects.get(pk=person), "access token") if person else None

    def authenticated_at(self, request: Request) -> datetime:
        said = request.META.get("HTTP_X_SIGNED_IN_AT")
        return datetime.fromisoformat(said) if said else timezone.now()


class Keys(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    throttle_classes = []

    def get(self, request: Request) -> Response:
        return tenancy.page(request, ApiKey, shape=lambda key: key.name)

    def post(self, request: Request) -> Response:
        return Response({"organization": str(tenancy.organization(request).pk)})


class Key(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    throttle_classes = []

    def get(self, request: Request, key_id: str) -> Response:
        return Response({"name": tenancy.row(ApiKey, request, key_id).name})


class Rotate(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"POST": Right.SERVICE_CLIENTS}
    throttle_classes = []

    def post(self, request: Request) -> Response:
        return Response({})


class Mint(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"POST": Right.CHANGE_API_KEYS}
    throttle_classes = []

    def post(self, request: Request) -> Response:
        return Response({})


urlpatterns = [
    path("org/keys", Keys.as_view()),
    path("org/keys/<str:key_id>", Key.as_view()),
    path("org/rotate", Rotate.as_view()),
    path("org/mint", Mint.as_view()),
]
handler404 = "fairlead.web.problems.not_found"
