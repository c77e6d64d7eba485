"""The organization itself."""

from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.conf import Rate
from fairlead.orgs import organizations, tenancy
from fairlead.orgs.authentication import ApiKeyAuthentication, MemberAuthentication
from fairlead.orgs.permissions import InOrganization
from fairlead.orgs.rights import Right
from fairlead.orgs.schemas import organization as schema
from fairlead.web import bodies, rate_limits
from fairlead.web.views import Api

_SLUGS = Rate("5/86400")


class OwnOrganization(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"GET": Right.READ, "PATCH": Right.MANAGE}
    throttle_classes = []

    @schema.retrieve
    def get(self, request: Request) -> Response:
        return Response(schema.shape(organizations.current(tenancy.organization(request))))

    @schema.change
    def patch(self, request: Request) -> Response:
        given = bodies.read(schema.ChangeOrganization, request)
        if "slug" in given:
            # Each one stays the organization's: nobody collects the words that others would want.
            rate_limits.hit("slugs", str(tenancy.organization(request).pk), _SLUGS)
        changed = organizations.change(
            tenancy.organization(request),
            given=given,
            actor=tenancy.actor(request),
            request=request._request,
        )
        return Response(schema.shape(changed))
