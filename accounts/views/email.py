"""Proving and changing the e-mail address."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import AccessTokenAuthentication, reread
from accounts.email import address_change, verification
from accounts.schema import problems
from accounts.serializers import EmailChangeInput, VerifyEmailInput
from accounts.sessions import browser
from fairlead.web import bodies
from fairlead.web.views import Api

_TOKEN = "not_authenticated, expired, revoked, bad_signature"
_BODY = {"_413": "body_too_large", "_415": "unsupported_media_type"}


class VerifyEmail(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [AllowAny]
    throttle_classes = []  # a password is counted as a login of its account, and per link

    @extend_schema(
        operation_id="verifyEmail",
        tags=["Local accounts"],
        request=VerifyEmailInput,
        responses={
            204: None,
            **problems(
                _400="invalid_request",
                _401="invalid_credentials",
                _403="sign_in_to_verify, account_suspended",
                _409="email_taken",
                _429="throttled",
                **_BODY,
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Follow a mailed link: proves the address, or changes it where the link was for that.

        The link alone proves the mailbox, not the account: be signed in to the account, or send its password along. A
        change counts only in the session that asked for it. Else nothing happens, and the token stays good.
        """
        data = bodies.read(VerifyEmailInput, request)
        verification.follow(
            data["token"],
            session=reread(request) if request.auth else browser.session_of(request._request),
            password=data.get("password", ""),
            request=request._request,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class SendVerification(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []  # five mails an hour per account: counted where they are sent

    @extend_schema(
        operation_id="sendEmailVerification",
        tags=["Local accounts"],
        request=None,
        responses={204: None, **problems(_401=_TOKEN, _429="throttled")},
    )
    def post(self, request: Request) -> Response:
        """Mail the verification link again. Nothing happens for a verified address."""
        verification.mail_link_again(reread(request).user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ChangeEmail(Api):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []  # counted per account, as a login and as a mail

    @extend_schema(
        operation_id="changeEmail",
        tags=["Local accounts"],
        request=EmailChangeInput,
        responses={
            202: None,
            **problems(
                _400="invalid_request",
                _401=f"invalid_credentials, {_TOKEN}",
                _403="fresh_sign_in_required",
                _429="throttled",
                **_BODY,
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Ask for another address. It changes when the link mailed to the new address is followed.

        Needs the password, or a sign-in through a provider within the last five minutes.
        """
        session = reread(request)
        data = bodies.read(EmailChangeInput, request)
        address_change.ask(
            session.user,
            session=session,
            new=data["newEmail"],
            password=data.get("password", ""),
            request=request._request,
        )
        return Response(status=status.HTTP_202_ACCEPTED)
