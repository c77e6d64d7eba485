"""The signed-in person, as the API shows them."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import AccessTokenAuthentication, reread
from accounts.schema import problems
from accounts.serializers import UserSerializer
from fairlead.web.views import Api


class Me(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @extend_schema(
        operation_id="me",
        tags=["Local accounts"],
        responses={200: UserSerializer, **problems(_401="not_authenticated, expired, revoked, bad_signature")},
    )
    def get(self, request: Request) -> Response:
        """The person whom the access token stands for."""
        return Response(UserSerializer(reread(request).user).data)
