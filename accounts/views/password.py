"""Changing, setting and resetting a password."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import AccessTokenAuthentication, reread
from accounts.passwords import new_password, reset
from accounts.schema import problems
from accounts.serializers import (
    ChangePasswordInput,
    PasswordResetConfirmInput,
    PasswordResetInput,
    SetPasswordInput,
)
from fairlead.web import bodies
from fairlead.web.views import Api

_TOKEN = "not_authenticated, expired, revoked, bad_signature"
_BODY = {"_413": "body_too_large", "_415": "unsupported_media_type"}


class ChangePassword(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []  # counted as a login of this account: see password_sign_in

    @extend_schema(
        operation_id="changePassword",
        tags=["Local accounts"],
        request=ChangePasswordInput,
        responses={
            204: None,
            **problems(
                _400="invalid_request, password_not_available",
                _401=f"invalid_credentials, {_TOKEN}",
                _403="password_login_disabled",
                _429="throttled",
                **_BODY,
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Replace the password. Every other session ends."""
        session = reread(request)
        data = bodies.read(ChangePasswordInput, request)
        new_password.change(
            session.user,
            session=session,
            current=data["currentPassword"],
            new=data["newPassword"],
            request=request._request,
            field="newPassword",
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class SetPassword(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @extend_schema(
        operation_id="setPassword",
        tags=["Local accounts"],
        request=SetPasswordInput,
        responses={
            204: None,
            **problems(
                _400="invalid_request", _401=_TOKEN, _403="fresh_sign_in_required, password_login_disabled", **_BODY
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """The first password of an account without one, within five minutes of a sign-in through a provider."""
        session = reread(request)
        new = bodies.read(SetPasswordInput, request)["newPassword"]
        new_password.set_first(session.user, session=session, new=new, request=request._request, field="newPassword")
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordReset(Api):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []  # the answer is 202 always; mails are counted per account and per address

    @extend_schema(
        operation_id="passwordReset",
        tags=["Local accounts"],
        request=PasswordResetInput,
        responses={202: None, **problems(_400="invalid_request", _403="password_login_disabled", **_BODY)},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Mail a link to choose a new password. The answer tells nothing about the address."""
        reset.ask(bodies.read(PasswordResetInput, request)["email"], request=request._request)
        return Response(status=status.HTTP_202_ACCEPTED)


class PasswordResetConfirm(Api):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(
        operation_id="passwordResetConfirm",
        tags=["Local accounts"],
        request=PasswordResetConfirmInput,
        responses={204: None, **problems(_400="invalid_request", _403="password_login_disabled", **_BODY)},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Choose a new password with the mailed token. Every session ends."""
        data = bodies.read(PasswordResetConfirmInput, request)
        reset.finish(data["token"], data["newPassword"], request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
