"""Invitations, as administrators see them. They are accepted where people sign in."""

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.orgs import invitations, mails, permissions, tenancy
from fairlead.orgs.authentication import ApiKeyAuthentication, MemberAuthentication
from fairlead.orgs.models import Invitation, Role
from fairlead.orgs.permissions import InOrganization
from fairlead.orgs.rights import Right
from fairlead.orgs.schemas import invitations as schema
from fairlead.web import bodies
from fairlead.web.views import Api


class Invitations(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"GET": Right.MANAGE, "POST": Right.MANAGE}
    throttle_classes = []

    @schema.list_invitations
    def get(self, request: Request) -> Response:
        return tenancy.page(request, Invitation, shape=schema.shape)

    @schema.create
    def post(self, request: Request) -> Response:
        given = bodies.read(schema.CreateInvitation, request)
        _require_a_page()
        _require_fresh(request, given["role"])
        invitation = invitations.create(
            tenancy.organization(request),
            email=given["email"],
            role=Role(given["role"]),
            by=permissions.membership_of(request),
            request=request._request,
        )
        return Response(schema.shape(invitation), status=201)


class OneInvitation(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"DELETE": Right.MANAGE}
    throttle_classes = []

    @schema.delete
    def delete(self, request: Request, invitation_id: str) -> Response:
        invitation = tenancy.row(Invitation, request, invitation_id)
        invitations.withdraw(invitation, by=permissions.membership_of(request), request=request._request)
        return Response(status=204)


class ResendInvitation(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"POST": Right.MANAGE}
    throttle_classes = []

    @schema.resend
    def post(self, request: Request, invitation_id: str) -> Response:
        invitation = tenancy.row(Invitation, request, invitation_id)
        _require_a_page()
        _require_fresh(request, invitation.role)
        sent = invitations.resend(invitation, by=permissions.membership_of(request), request=request._request)
        return Response(schema.shape(sent))


def _require_fresh(request: Request, role: str) -> None:
    if role == Role.ADMIN:
        permissions.require_fresh(request)


def _require_a_page() -> None:
    """Where no app of the site has a page to accept on, nobody is invited."""
    if mails.invitation_page() is None:
        raise NotFound
