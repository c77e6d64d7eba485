"""Members: who they are, their roles, and how they leave."""

from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.orgs import members, permissions, tenancy
from fairlead.orgs.authentication import ApiKeyAuthentication, MemberAuthentication
from fairlead.orgs.models import Membership, Role
from fairlead.orgs.permissions import InOrganization
from fairlead.orgs.rights import Right
from fairlead.orgs.schemas import members as schema
from fairlead.web import bodies
from fairlead.web.views import Api


class Members(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"GET": Right.READ_MEMBERS}
    throttle_classes = []

    @schema.list_members
    def get(self, request: Request) -> Response:
        return tenancy.page(
            request, Membership, shape=schema.shape, join=("user",), load=members.load_last_seen, ended_at=None
        )


class OneMember(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"GET": Right.READ_MEMBERS, "PATCH": Right.MANAGE, "DELETE": Right.LEAVE}
    throttle_classes = []

    @schema.retrieve
    def get(self, request: Request, member_id: str) -> Response:
        return Response(_answered(tenancy.row(Membership, request, member_id, ended_at=None)))

    @schema.change
    def patch(self, request: Request, member_id: str) -> Response:
        membership = tenancy.row(Membership, request, member_id, ended_at=None)
        role = Role(bodies.read(schema.ChangeMember, request)["role"])
        if membership.role != role and Role.ADMIN in (membership.role, role):
            permissions.require_fresh(request)
        return Response(
            _answered(
                members.change_role(
                    membership, role=role, by=permissions.membership_of(request), request=request._request
                )
            )
        )

    @schema.delete
    def delete(self, request: Request, member_id: str) -> Response:
        membership = tenancy.row(Membership, request, member_id, ended_at=None)
        by = permissions.membership_of(request)
        if membership.pk != by.pk:
            permissions.require(request, Right.MANAGE)
            if membership.role == Role.ADMIN:
                permissions.require_fresh(request)
        members.end(membership, by=by, request=request._request)
        return Response(status=204)


def _answered(membership: Membership) -> dict[str, object]:
    members.load_last_seen([membership])
    return schema.shape(membership)
