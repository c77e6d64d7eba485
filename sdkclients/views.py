"""SDK clients and the tokens of app users, as an organization's backend sees them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead import metrics
from fairlead.idtokens.errors import KeysUnavailable, TokenRefused
from fairlead.orgs import api_keys, permissions, tenancy
from fairlead.orgs.authentication import ApiKeyAuthentication, MemberAuthentication
from fairlead.orgs.permissions import InOrganization
from fairlead.orgs.rights import Right
from fairlead.web import bodies, rate_limits
from fairlead.web.views import Api
from sdkclients import clients, schema
from sdkclients.errors import Unexplained
from sdkclients.explanation import explain
from sdkclients.identity import Caller
from sdkclients.models import Kind, SdkClient
from sdkclients.serializers import (
    ChangeSdkClient,
    CreateSdkClient,
    IssueToken,
    RotateKey,
    VerifyToken,
    shape,
    shape_caller,
)
from userpools import id_tokens, pools, signing_keys
from userpools.models import UserPool


class SdkClients(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"GET": Right.READ, "POST": Right.WRITE}
    throttle_classes = []

    @schema.list_clients
    def get(self, request: Request) -> Response:
        return tenancy.page(request, SdkClient, shape=shape, join=("api_key",), load=clients.load_keys)

    @schema.create
    def post(self, request: Request) -> Response:
        given = bodies.read(CreateSdkClient, request)
        words = {"name": given["name"], "description": given.get("description", "")}
        by: dict[str, Any] = {"actor": tenancy.actor(request), "request": request._request}
        if given["kind"] is None:
            permissions.require(request, Right.SERVICE_CLIENTS)
            client, minted = clients.create_service(tenancy.organization(request), **words, **by)
            return Response(
                _answered(client, plaintext=minted.plaintext), status=201, headers={"Cache-Control": "no-store"}
            )
        pool = tenancy.row(UserPool, request, given["kind"])
        return Response(_answered(clients.create_application(pool, **words, **by)), status=201)


class OneSdkClient(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"GET": Right.READ, "PATCH": Right.WRITE, "DELETE": Right.WRITE}
    throttle_classes = []

    @schema.retrieve
    def get(self, request: Request, client_id: str) -> Response:
        return Response(_answered(tenancy.row(SdkClient, request, client_id)))

    @schema.change
    def patch(self, request: Request, client_id: str) -> Response:
        client = _changeable(request, client_id)
        given = bodies.read(ChangeSdkClient, request)
        by: dict[str, Any] = {"actor": tenancy.actor(request), "request": request._request}
        return Response(_answered(clients.change(client, given=given, **by)))

    @schema.delete
    def delete(self, request: Request, client_id: str) -> Response:
        client = _changeable(request, client_id)
        clients.delete(client, actor=tenancy.actor(request), request=request._request)
        return Response(status=204)


class RotateClientKey(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"POST": Right.SERVICE_CLIENTS}
    throttle_classes = []

    @schema.rotate_key
    def post(self, request: Request, client_id: str) -> Response:
        client = tenancy.row(SdkClient, request, client_id)
        given = bodies.read(RotateKey, request)
        if client.kind != Kind.SERVICE:
            raise ValidationError({"id": ["This is an application client: it has no key."]})
        seconds = given.get("overlapSeconds")
        client, minted = clients.rotate_key(
            client,
            overlap=api_keys.OVERLAP if seconds is None else timedelta(seconds=seconds),
            actor=tenancy.actor(request),
            request=request._request,
        )
        return Response(_answered(client, plaintext=minted.plaintext), headers={"Cache-Control": "no-store"})


class AppUserIdTokens(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"POST": Right.WRITE}
    throttle_classes = []

    @schema.issue
    def post(self, request: Request) -> Response:
        rate_limits.hit("appUserIdToken", str(request.user.pk), "rate_limit_app_user_id_token")
        given = bodies.read(IssueToken, request)
        pool = tenancy.row(UserPool, request, given["userPoolId"])
        client = clients.only_application(pool)
        token = id_tokens.issue(
            pool,
            app_user_id=given["appUserId"],
            expires_at=_expiry(given.get("exp")),
            claims={"sdkClientId": str(client.pk)} if client else {},
        )
        return Response({"appUserIdToken": token}, status=201, headers={"Cache-Control": "no-store"})


class VerifyTokens(Api):
    authentication_classes = [ApiKeyAuthentication, MemberAuthentication]
    permission_classes = [InOrganization]
    rights = {"POST": Right.WRITE}
    throttle_classes = []

    @schema.verify
    def post(self, request: Request) -> Response:
        given = bodies.read(VerifyToken, request)
        pool, client = _place(request, given)
        if given.get("explain"):
            found = explain(pool, client, given["token"], now=timezone.now())
            if isinstance(found.refusal, KeysUnavailable):
                # An outage is no verdict: whoever always asks for the steps must not take it for one.
                raise Unexplained(found.refusal, steps=found.steps)
            return Response({**_answer(found.caller, found.refusal), "steps": found.steps})
        try:
            one = pools.identify(pool, given["token"], now=timezone.now())
        except (TokenRefused, KeysUnavailable) as refusal:
            metrics.token_verdicts.count("verify", str(refusal.code))
            if isinstance(refusal, KeysUnavailable):
                raise
            return Response(_answer(None, refusal))
        metrics.token_verdicts.count("verify", "ok")
        return Response(_answer(Caller(one.user, one.token, pool, client), None))


def _changeable(request: Request, client_id: str) -> SdkClient:
    client = tenancy.row(SdkClient, request, client_id)
    if client.kind == Kind.SERVICE:
        permissions.require(request, Right.SERVICE_CLIENTS)
    return client


def _place(request: Request, given: dict[str, Any]) -> tuple[UserPool, SdkClient | None]:
    if "userPoolId" in given:
        return tenancy.row(UserPool, request, given["userPoolId"]), None
    client = tenancy.row(SdkClient, request, given["clientId"])
    if client.pool is None:
        raise NotFound
    return client.pool, client


def _answered(client: SdkClient, *, plaintext: str | None = None) -> dict[str, Any]:
    clients.load_keys([client])
    return shape(client, plaintext=plaintext)


def _answer(caller: Caller | None, refusal: Any) -> dict[str, Any]:
    if caller is None:
        return {"active": False, "code": str(refusal.code), "detail": refusal.detail}
    members = shape_caller(caller)
    del members["organizationId"]
    return {"active": True, **members}


def _expiry(exp: int | None) -> int:
    now = int(timezone.now().timestamp())
    latest = now + int(signing_keys.MAX_LIFETIME.total_seconds())
    if exp is None:
        return latest
    if not now < exp <= latest:
        raise ValidationError({"exp": [f"Send a Unix time after now ({now}) and at most 180 days ahead ({latest})."]})
    return exp
