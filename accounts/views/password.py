"""Changing, setting and resetting a password."""

from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import AccessTokenAuthentication, reread
from accounts.passwords import new_password, reset
from accounts.schema import account, sign_in
from accounts.serializers import (
    ChangePasswordInput,
    PasswordResetConfirmInput,
    PasswordResetInput,
    SetPasswordInput,
)
from fairlead.web import bodies
from fairlead.web.views import SignInApi


class ChangePassword(SignInApi):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []  # counted as a login of this account: see password_sign_in

    @account.change_password
    def post(self, request: Request) -> Response:
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


class SetPassword(SignInApi):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []

    @account.set_password
    def post(self, request: Request) -> Response:
        session = reread(request)
        new = bodies.read(SetPasswordInput, request)["newPassword"]
        new_password.set_first(session.user, session=session, new=new, request=request._request, field="newPassword")
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordReset(SignInApi):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []  # the answer is 202 always; mails are counted per account and per address

    @sign_in.ask_reset
    def post(self, request: Request) -> Response:
        reset.ask(bodies.read(PasswordResetInput, request)["email"], request=request._request)
        return Response(status=status.HTTP_202_ACCEPTED)


class PasswordResetConfirm(SignInApi):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @sign_in.finish_reset
    def post(self, request: Request) -> Response:
        data = bodies.read(PasswordResetConfirmInput, request)
        reset.finish(data["token"], data["newPassword"], request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
