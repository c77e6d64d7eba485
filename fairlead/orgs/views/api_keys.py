"""The organization's own API keys. Those of service clients are made and rotated with their clients."""

from datetime import timedelta

from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.orgs import api_keys, own_keys, tenancy
from fairlead.orgs.authentication import ApiKeyAuthentication, MemberAuthentication
from fairlead.orgs.models import ApiKey
from fairlead.orgs.permissions import InOrganization
from fairlead.orgs.rights import Right
from fairlead.orgs.schemas import api_keys as schema
from fairlead.web import bodies
from fairlead.web.views import Api


class ApiKeys(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"GET": Right.LIST_API_KEYS, "POST": Right.CHANGE_API_KEYS}
    throttle_classes = []

    @schema.list_keys
    def get(self, request: Request) -> Response:
        return tenancy.page(request, ApiKey, shape=schema.shape, of_service=False)

    @schema.create
    def post(self, request: Request) -> Response:
        given = bodies.read(schema.CreateApiKey, request)
        key, minted = own_keys.create(
            tenancy.organization(request),
            name=given["name"],
            expires_at=given.get("expiresAt"),
            actor=tenancy.actor(request),
            request=request._request,
        )
        return Response(schema.shape(key, plaintext=minted.plaintext), status=201)


class OneApiKey(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"DELETE": Right.CHANGE_API_KEYS}
    throttle_classes = []

    @schema.delete
    def delete(self, request: Request, key_id: str) -> Response:
        key = tenancy.row(ApiKey, request, key_id, of_service=False)
        api_keys.revoke(key, actor=tenancy.actor(request), request=request._request)
        return Response(status=204)


class RotateApiKey(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"POST": Right.CHANGE_API_KEYS}
    throttle_classes = []

    @schema.rotate
    def post(self, request: Request, key_id: str) -> Response:
        key = tenancy.row(ApiKey, request, key_id, of_service=False)
        seconds = bodies.read(schema.RotateApiKey, request).get("overlapSeconds")
        new, minted = own_keys.rotate(
            key,
            overlap=None if seconds is None else timedelta(seconds=seconds),
            actor=tenancy.actor(request),
            request=request._request,
        )
        return Response(schema.shape(new, plaintext=minted.plaintext))
