"""Invitations to organizations, as whoever was invited accepts them through the API."""

from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import invitations
from accounts.authentication import AccessTokenAuthentication, reread
from accounts.schema import invitation as schema
from accounts.serializers import AcceptInvitationInput
from accounts.sessions import signed_in, tokens
from fairlead.web import bodies
from fairlead.web.rate_limits import per_network
from fairlead.web.views import SignInApi


class AcceptInvitation(SignInApi):
    """With an access token for the account that has the address, without one for a new account."""

    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [AllowAny]
    throttle_classes = [per_network("invitation", "rate_limit_exchange")]

    @schema.accept
    def post(self, request: Request) -> Response:
        given = bodies.read(AcceptInvitationInput, request)
        if request.auth is not None:
            user = reread(request).user
            accepted = invitations.accept(given["token"], user=user, request=request._request)
            return Response(schema.shape(accepted.membership))
        accepted = invitations.accept_as_new(
            given["token"],
            name=given.get("name", ""),
            password=given.get("password", ""),
            request=request._request,
        )
        pair = tokens.issue(accepted.user, request=request._request, method="password")
        body = {**signed_in.body(pair, accepted.user), **schema.shape(accepted.membership)}
        return Response(body, status=status.HTTP_201_CREATED)
