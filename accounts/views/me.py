"""The signed-in person, as the API shows them."""

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import AccessTokenAuthentication, reread
from accounts.schema import account
from accounts.serializers import UserSerializer
from fairlead.web.views import Api


class Me(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @account.me
    def get(self, request: Request) -> Response:
        return Response(UserSerializer(reread(request).user).data)
