"""The API of a person's linked providers."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.conf import conf
from fairlead.web import bodies, rate_limits
from oidc_login import identities, link_tickets, providers, schema
from oidc_login.models import Identity
from oidc_login.serializers import IdentityAnswer, LinkFromInsideRequest
from oidc_login.views.tokens import PersonApi, tokens


class Identities(PersonApi):
    """The providers linked to the person."""

    @schema.identities
    def get(self, request: Request) -> Response:
        user = tokens().signed_in(request).user
        return Response(IdentityAnswer([shown(each) for each in identities.of(user)], many=True).data)


class OneIdentity(PersonApi):
    @schema.unlink
    def delete(self, request: Request, identity_id: UUID) -> Response:
        signed_in = tokens().signed_in(request)
        link_tickets.require_fresh(signed_in, now=timezone.now())
        identities.unlink(identity_id, user=signed_in.user, request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class LinkFromInside(PersonApi):
    throttle_classes = (rate_limits.per_network("link", "rate_limit_exchange"),)

    @schema.begin_link
    def post(self, request: Request) -> Response:
        signed_in, now = tokens().signed_in(request), timezone.now()
        sent = bodies.read(LinkFromInsideRequest, request)
        link_tickets.require_fresh(signed_in, now=now)
        ticket = link_tickets.issue(providers.chosen(sent["provider"]), signed_in=signed_in, now=now)
        address = f"{conf().origin}{providers.initiate_path(link=ticket)}"
        return Response({"initiateUrl": address}, headers={"Cache-Control": "no-store"})


def shown(identity: Identity) -> dict[str, Any]:
    provider = providers.of_identity(identity)
    return {
        "id": identity.pk,
        "provider": provider.slug if provider else None,
        "providerName": provider.name if provider else identity.issuer,
        "issuerUrl": identity.issuer,
        "email": identity.claims.get("email"),
        "createdAt": identity.created_at,
        "lastLoginAt": identity.last_login_at,
    }
