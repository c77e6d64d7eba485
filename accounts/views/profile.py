"""The person's own name and picture."""

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import avatars, profile
from accounts.authentication import AccessTokenAuthentication, reread
from accounts.errors import NotAPicture
from accounts.models import User
from accounts.schema import problems
from accounts.serializers import PictureInput, ProfileInput, UserSerializer
from fairlead.web import bodies
from fairlead.web.views import Api

_TOKEN = "not_authenticated, expired, revoked, bad_signature"


class Profile(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @extend_schema(
        operation_id="editProfile",
        tags=["Local accounts"],
        request=ProfileInput,
        responses={
            200: UserSerializer,
            **problems(_400="invalid_request", _401=_TOKEN, _413="body_too_large", _415="unsupported_media_type"),
        },
    )
    def patch(self, request: Request) -> Response:
        """Change the name. From then on no provider overwrites it."""
        user = reread(request).user
        profile.rename(user, bodies.read(ProfileInput, request)["name"])
        return Response(UserSerializer(user).data)


class ProfileImage(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="uploadProfileImage",
        tags=["Local accounts"],
        request={"multipart/form-data": PictureInput},
        responses={
            200: UserSerializer,
            **problems(_400="invalid_request", _401=_TOKEN, _413="body_too_large", _415="unsupported_media_type"),
        },
    )
    def post(self, request: Request) -> Response:
        """Upload a picture: JPEG, PNG, WebP or GIF, at most 5 MiB. It is stored anew as WebP."""
        user = reread(request).user
        picture = request.FILES.get("image")
        if picture is None:
            raise NotAPicture("Send the picture as the multipart field `image`.", errors={"image": ["Required."]})
        avatars.replace(user, avatars.reencode(picture.read()), source=User.AvatarSource.UPLOAD)
        return Response(UserSerializer(user).data)

    @extend_schema(
        operation_id="removeProfileImage",
        tags=["Local accounts"],
        request=None,
        responses={200: UserSerializer, **problems(_401=_TOKEN)},
    )
    def delete(self, request: Request) -> Response:
        """Remove the picture. A provider's comes back only when it changes there."""
        user = reread(request).user
        avatars.remove(user)
        return Response(UserSerializer(user).data)
