"""Proving and changing the e-mail address."""

from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import AccessTokenAuthentication, reread
from accounts.email import address_change, verification
from accounts.schema import account
from accounts.serializers import EmailChangeInput, VerifyEmailInput
from accounts.sessions import browser
from fairlead.web import bodies
from fairlead.web.views import SignInApi


class VerifyEmail(SignInApi):
    reads_session = True
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [AllowAny]
    throttle_classes = []  # a password is counted as a login of its account, and per link

    @account.verify_email
    def post(self, request: Request) -> Response:
        data = bodies.read(VerifyEmailInput, request)
        verification.follow(
            data["token"],
            session=reread(request) if request.auth else browser.session_of(request._request),
            password=data.get("password", ""),
            request=request._request,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class SendVerification(SignInApi):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []  # five mails an hour per account: counted where they are sent

    @account.send_verification
    def post(self, request: Request) -> Response:
        verification.mail_link_again(reread(request).user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ChangeEmail(SignInApi):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []  # counted per account, as a login and as a mail

    @account.change_email
    def post(self, request: Request) -> Response:
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
