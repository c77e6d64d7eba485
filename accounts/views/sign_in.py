"""Coming in and going out: register, login, refresh, logout."""

from django.utils.translation import gettext
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import policy, registration
from accounts.errors import AccountPending
from accounts.passwords import proof
from accounts.schema import sign_in
from accounts.serializers import (
    LoginInput,
    LogoutInput,
    RefreshInput,
    RegisterInput,
    UserSerializer,
)
from accounts.sessions import signed_in, tokens
from fairlead.web import bodies, sign_ins
from fairlead.web.rate_limits import per_network
from fairlead.web.views import Api, SignInApi


class RegistrationMode(Api):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @sign_in.registration_mode
    def get(self, request: Request) -> Response:
        return Response({"mode": policy.current().mode})


class Register(SignInApi):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [per_network("register", "rate_limit_register")]

    @sign_in.register
    def post(self, request: Request) -> Response:
        data = bodies.read(RegisterInput, request)
        registered = registration.register(**data, request=request._request)
        if registered.pending:
            body = {"user": UserSerializer(registered.user).data, "message": gettext(AccountPending.detail)}
            return Response(body, status=status.HTTP_201_CREATED)
        pair = tokens.issue(registered.user, request=request._request, method="password")
        return Response(signed_in.body(pair, registered.user), status=status.HTTP_201_CREATED)


class Login(SignInApi):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []  # per address and account: counted in password_sign_in, where the account is known

    @sign_in.login
    def post(self, request: Request) -> Response:
        data = bodies.read(LoginInput, request)
        with sign_ins.counted("password"):
            user = proof.demand(request._request, **data)
            pair = tokens.issue(user, request=request._request, method="password")
        return Response(signed_in.body(pair, user))


class Refresh(SignInApi):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [per_network("refresh", "rate_limit_refresh")]

    @sign_in.refresh
    def post(self, request: Request) -> Response:
        sent = bodies.read(RefreshInput, request)
        with sign_ins.counted("refresh"):
            pair = tokens.refresh(sent["refresh_token"], request=request._request)
        return Response({"access_token": pair.access_token, "refresh_token": pair.refresh_token})


class Logout(Api):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @sign_in.logout
    def post(self, request: Request) -> Response:
        tokens.revoke(bodies.read(LogoutInput, request)["refresh_token"], request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
