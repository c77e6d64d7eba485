"""The organization API's calls about user pools, and the published documents of hosted ones."""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.orgs import tenancy
from fairlead.orgs.authentication import ApiKeyAuthentication, MemberAuthentication
from fairlead.orgs.permissions import InOrganization
from fairlead.orgs.rights import Right
from fairlead.web import bodies
from fairlead.web.views import Api
from userpools import app_users, documents, key_check, pools, schema
from userpools.models import UserPool
from userpools.serializers import ChangeUserPool, CreateUserPool, RevokeTokens, shape


class UserPools(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"GET": Right.READ, "POST": Right.WRITE}
    throttle_classes = []

    @schema.list_pools
    def get(self, request: Request) -> Response:
        return tenancy.page(request, UserPool, shape=shape)

    @schema.create
    def post(self, request: Request) -> Response:
        given = bodies.read(CreateUserPool, request)
        pool = pools.create(
            tenancy.organization(request),
            name=given["name"],
            description=given.get("description", ""),
            given=given.get("authorization"),
            actor=tenancy.actor(request),
            request=request._request,
        )
        return Response(shape(pool), status=201)


class OneUserPool(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"GET": Right.READ, "PATCH": Right.WRITE, "DELETE": Right.WRITE}
    throttle_classes = []

    @schema.retrieve
    def get(self, request: Request, pool_id: str) -> Response:
        pool = tenancy.row(UserPool, request, pool_id)
        key_check.note_recovery(pool)
        return Response(shape(pool))

    @schema.change
    def patch(self, request: Request, pool_id: str) -> Response:
        pool = tenancy.row(UserPool, request, pool_id)
        given = bodies.read(ChangeUserPool, request)
        return Response(shape(pools.change(pool, given=given, actor=tenancy.actor(request), request=request._request)))

    @schema.delete
    def delete(self, request: Request, pool_id: str) -> Response:
        pools.delete(tenancy.row(UserPool, request, pool_id), actor=tenancy.actor(request), request=request._request)
        return Response(status=204)


class CheckUserPool(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"POST": Right.WRITE}
    throttle_classes = []

    @schema.check
    def post(self, request: Request, pool_id: str) -> Response:
        return Response(key_check.check(tenancy.row(UserPool, request, pool_id), now=timezone.now()))


class RevokeAppUserIdTokens(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"POST": Right.WRITE}
    throttle_classes = []

    @schema.revoke
    def post(self, request: Request) -> Response:
        given = bodies.read(RevokeTokens, request)
        pool = tenancy.row(UserPool, request, given["userPoolId"])
        app_users.revoke_tokens(
            app_users.made(pool, given["appUserId"]), actor=tenancy.actor(request), request=request._request
        )
        return Response(status=204)


class KeySetDocument(Api):
    """Public: whoever verifies the tokens of a hosted pool needs it."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @schema.key_set
    def get(self, request: Request, pool_id: str) -> Response:
        return _published(documents.key_set(tenancy.identifier_of(pool_id), now=timezone.now()))


class DiscoveryDocument(Api):
    """Public, as the key set that it names."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @schema.discovery
    def get(self, request: Request, pool_id: str) -> Response:
        return _published(documents.discovery(tenancy.identifier_of(pool_id)))


def _published(document: dict[str, Any] | None) -> Response:
    if document is None:
        raise NotFound
    response = Response(document)
    response["Cache-Control"] = f"public, max-age={documents.KEPT_FOR}"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
