"""Fairlead's doors, and before them the views that others are compared with."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import AccessTokenAuthentication
from fairlead.orgs.authentication import ApiKeyAuthentication


def bare(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"hello": "world"})


class _Hello(APIView):
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    def get(self, request: Request) -> Response:
        return Response({"hello": "world"})


class WithAccessToken(_Hello):
    authentication_classes = [AccessTokenAuthentication]


class WithApiKey(_Hello):
    authentication_classes = [ApiKeyAuthentication]


urlpatterns = [
    path("bench/bare", bare),
    path("bench/access-token", WithAccessToken.as_view()),
    path("bench/api-key", WithApiKey.as_view()),
    path("", include("config.urls")),
]
