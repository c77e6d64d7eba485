"""The person's own name and picture."""

from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import avatars, profile
from accounts.authentication import AccessTokenAuthentication, reread
from accounts.errors import NotAPicture
from accounts.schema import account
from accounts.serializers import ProfileInput, UserSerializer
from fairlead.web import bodies
from fairlead.web.views import Api


class Profile(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @account.edit
    def patch(self, request: Request) -> Response:
        user = reread(request).user
        profile.rename(user, bodies.read(ProfileInput, request)["name"])
        return Response(UserSerializer(user).data)


class ProfileImage(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []
    parser_classes = [MultiPartParser]

    @account.upload
    def post(self, request: Request) -> Response:
        user = reread(request).user
        picture = request.FILES.get("image")
        if picture is None:
            raise NotAPicture("Send the picture as the multipart field `image`.", errors={"image": ["Required."]})
        avatars.upload(user, picture.read())
        return Response(UserSerializer(user).data)

    @account.remove_picture
    def delete(self, request: Request) -> Response:
        user = reread(request).user
        avatars.remove(user)
        return Response(UserSerializer(user).data)
