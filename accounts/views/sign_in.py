"""Coming in and going out: register, login, refresh, logout."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import policy, registration
from accounts.errors import AccountPending
from accounts.passwords import proof
from accounts.schema import problems
from accounts.serializers import (
    LoginInput,
    LogoutInput,
    RefreshInput,
    RegisteredSerializer,
    RegisterInput,
    RegistrationModeSerializer,
    SignedInSerializer,
    TokenPairSerializer,
    UserSerializer,
)
from accounts.sessions import signed_in, tokens
from fairlead.web import bodies
from fairlead.web.rate_limits import per_network
from fairlead.web.views import Api


class RegistrationMode(Api):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(
        operation_id="registrationMode", tags=["Local accounts"], responses={200: RegistrationModeSerializer}, auth=[]
    )
    def get(self, request: Request) -> Response:
        """Who may register: anybody, those whom an administrator approves, nobody."""
        return Response({"mode": policy.current().mode})


class Register(Api):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [per_network("register", 5, 60)]

    @extend_schema(
        operation_id="register",
        tags=["Local accounts"],
        request=RegisterInput,
        responses={
            201: RegisteredSerializer,
            **problems(
                _400="invalid_request",
                _403="signup_disabled, password_login_disabled",
                _409="email_taken",
                _413="body_too_large",
                _415="unsupported_media_type",
                _429="throttled",
            ),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Make an account. A verification link is mailed. In review mode there are no tokens yet."""
        data = bodies.read(RegisterInput, request)
        registered = registration.register(**data, request=request._request)
        if registered.pending:
            body = {"user": UserSerializer(registered.user).data, "message": AccountPending.detail}
            return Response(body, status=status.HTTP_201_CREATED)
        pair = tokens.issue(registered.user, request=request._request, method="password")
        return Response(signed_in.body(pair, registered.user), status=status.HTTP_201_CREATED)


class Login(Api):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []  # per address and account: counted in password_sign_in, where the account is known

    @extend_schema(
        operation_id="login",
        tags=["Local accounts"],
        request=LoginInput,
        responses={
            200: SignedInSerializer,
            **problems(
                _400="invalid_request",
                _401="invalid_credentials",
                _403="account_pending, account_suspended, password_login_disabled",
                _413="body_too_large",
                _415="unsupported_media_type",
                _429="throttled",
            ),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Sign in by e-mail and password."""
        data = bodies.read(LoginInput, request)
        user = proof.demand(request._request, **data)
        pair = tokens.issue(user, request=request._request, method="password")
        return Response(signed_in.body(pair, user))


class Refresh(Api):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [per_network("refresh", 60, 60)]

    @extend_schema(
        operation_id="refresh",
        tags=["Local accounts"],
        request=RefreshInput,
        responses={
            200: TokenPairSerializer,
            **problems(
                _400="invalid_request",
                _401="refresh_token_invalid",
                _413="body_too_large",
                _415="unsupported_media_type",
                _429="throttled",
            ),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for its successor and a new access token."""
        pair = tokens.refresh(bodies.read(RefreshInput, request)["refresh_token"], request=request._request)
        return Response({"access_token": pair.access_token, "refresh_token": pair.refresh_token})


class Logout(Api):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(
        operation_id="logout",
        tags=["Local accounts"],
        request=LogoutInput,
        responses={
            204: None,
            **problems(_400="invalid_request", _413="body_too_large", _415="unsupported_media_type"),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """End the session of this refresh token. The answer is the same for a token that is not known."""
        tokens.revoke(bodies.read(LogoutInput, request)["refresh_token"], request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
