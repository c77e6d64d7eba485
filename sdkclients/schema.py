"""What the OpenAPI document says about SDK clients and app users."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers

from fairlead.orgs.schema import ORGANIZATION, PAGING, identifier, page, problems, refusals
from sdkclients.serializers import ChangeSdkClient, CreateSdkClient, IssueToken, RotateKey, VerifyToken

CLIENT_ID = identifier("client_id", "Id of an SDK client of this organization.")
_CLIENTS, _USERS = ["SDK clients"], ["App users"]
_POOL = "7c1b7f5e-3a38-4f0e-9a53-6f1f0d2b7f10"
_TOKEN_CODES = [
    "malformed", "too_large", "algorithm_not_allowed", "unknown_key", "bad_signature", "expired", "not_yet_valid",
    "wrong_issuer", "wrong_audience", "wrong_type", "missing_claim", "email_unverified", "revoked", "blocked",
]  # fmt: skip
_APP_REFUSALS = refusals(
    {
        401: ["not_authenticated", "unknown_client", *_TOKEN_CODES],
        405: ["method_not_allowed"],
        503: ["keys_unavailable"],
    }
)


class _Auth(serializers.Serializer):
    type = serializers.ChoiceField(choices=["userPool", "apiKey"])
    userPoolId = serializers.UUIDField(required=False, help_text="Of an application client.")  # noqa: N815
    apiKey = serializers.CharField(required=False, help_text="Of a service client: shown once.")  # noqa: N815
    prefix = serializers.CharField(required=False, help_text="Start of a service client's key.")


@extend_schema_serializer(component_name="SdkClient")
class _SdkClient(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    organizationId = serializers.UUIDField()  # noqa: N815
    auth = _Auth()
    createdAt = serializers.DateTimeField()  # noqa: N815
    updatedAt = serializers.DateTimeField()  # noqa: N815


@extend_schema_serializer(component_name="AppUser")
class _AppUser(serializers.Serializer):
    id = serializers.UUIDField(help_text="Ours, unique over all pools.")
    appUserId = serializers.CharField(help_text="The customer's, unique in its pool.")  # noqa: N815
    userPoolId = serializers.UUIDField()  # noqa: N815
    sdkClientId = serializers.UUIDField(allow_null=True)  # noqa: N815
    organizationId = serializers.UUIDField()  # noqa: N815
    claims = serializers.DictField()
    expiresAt = serializers.DateTimeField()  # noqa: N815


class _VerifyStep(serializers.Serializer):
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["ok", "failed", "skipped"])
    text = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    remedy = serializers.CharField(allow_null=True)


@extend_schema_serializer(component_name="VerifiedToken")
class _Verified(serializers.Serializer):
    active = serializers.BooleanField()
    code = serializers.ChoiceField(choices=[*_TOKEN_CODES, "keys_unavailable"], required=False)
    detail = serializers.CharField(required=False)
    id = serializers.UUIDField(required=False)
    appUserId = serializers.CharField(required=False)  # noqa: N815
    userPoolId = serializers.UUIDField(required=False)  # noqa: N815
    sdkClientId = serializers.UUIDField(required=False, allow_null=True)  # noqa: N815
    claims = serializers.DictField(required=False)
    expiresAt = serializers.DateTimeField(required=False)  # noqa: N815
    steps = _VerifyStep(many=True, required=False)


class _Issued(serializers.Serializer):
    appUserIdToken = serializers.CharField()  # noqa: N815


def _example(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


class AppUserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "sdkclients.authentication.AppUserAuthentication"
    match_subclasses = True
    priority = -1
    name = "appUser"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An ID token of the issuer that the client's user pool trusts.",
        }


class AnyAppUserScheme(AppUserScheme):  # type: ignore[no-untyped-call]
    target_class = "sdkclients.app_views.AnyAppUser"
    match_subclasses = False
    priority = 0
    name = "appUserIdToken"


class ProxiedAppUserScheme(AnyAppUserScheme):  # type: ignore[no-untyped-call]
    target_class = "sdkclients.app_views.OfClientInPath"
    name = "appUserIdTokenThroughProxy"


list_clients = extend_schema(
    operation_id="listSdkClients", summary="List the organization's SDK clients",
    tags=_CLIENTS, parameters=[ORGANIZATION, *PAGING],
    responses={200: OpenApiResponse(response=page("SdkClient")), **problems()},
)  # fmt: skip
create = extend_schema(
    operation_id="createSdkClient", summary="Create an SDK client",
    tags=_CLIENTS, parameters=[ORGANIZATION], request=CreateSdkClient,
    responses={201: _SdkClient, **problems(body=True, _403="key_cannot_make_keys")},
    examples=[
        _example("An application", {"name": "Web", "kind": {"application": {"userPoolId": _POOL}}}),
        _example("A service, with a key of its own", {"name": "Importer", "kind": "service"}),
    ],
)  # fmt: skip
retrieve = extend_schema(
    operation_id="getSdkClient", summary="Show an SDK client",
    tags=_CLIENTS, parameters=[ORGANIZATION, CLIENT_ID],
    responses={200: _SdkClient, **problems()},
)  # fmt: skip
change = extend_schema(
    operation_id="changeSdkClient", summary="Rename an SDK client",
    tags=_CLIENTS, parameters=[ORGANIZATION, CLIENT_ID], request=ChangeSdkClient,
    responses={200: _SdkClient, **problems(body=True)},
)  # fmt: skip
delete = extend_schema(
    operation_id="deleteSdkClient", summary="Delete an SDK client; a service's keys stop",
    tags=_CLIENTS, parameters=[ORGANIZATION, CLIENT_ID],
    responses={204: None, **problems()},
)  # fmt: skip
rotate_key = extend_schema(
    operation_id="rotateSdkClientKey", summary="Give a service client a new key",
    tags=_CLIENTS, parameters=[ORGANIZATION, CLIENT_ID], request=RotateKey,
    responses={200: _SdkClient, **problems(body=True, _403="key_cannot_make_keys")},
)  # fmt: skip
issue = extend_schema(
    operation_id="issueAppUserIdToken", summary="Issue a token for a hosted pool's user",
    tags=_USERS, parameters=[ORGANIZATION], request=IssueToken,
    responses={201: _Issued, **problems(body=True, _409="pool_not_hosted", _429="throttled")},
)  # fmt: skip
verify = extend_schema(
    operation_id="verifyToken", summary="Verify a user's token, and explain it",
    tags=_USERS, parameters=[ORGANIZATION], request=VerifyToken,
    responses={200: _Verified, **problems(body=True, _503="keys_unavailable")},
)  # fmt: skip
me = extend_schema(
    operation_id="getAppUser", summary="Who is calling",
    tags=_USERS,
    parameters=[
        OpenApiParameter(
            name="X-Client-Id", type={"type": "string", "format": "uuid"}, location=OpenApiParameter.HEADER,
            description="The SDK client that the call comes through. Only a hosted pool's token needs none.",
        )
    ],
    responses={200: _AppUser, **refusals({400: ["client_required"]}), **_APP_REFUSALS},
)  # fmt: skip
authorize = extend_schema(
    operation_id="authorizeAppUser", summary="Let a request through, for proxies",
    tags=_USERS,
    parameters=[
        identifier("client_id", "Id of an SDK client of kind application."),
        *[
            OpenApiParameter(
                name=name, type=str, location=OpenApiParameter.HEADER, response=[204], description=meaning
            )
            for name, meaning in (
                ("X-App-User-Id", "The customer's id of the user, percent-encoded UTF-8."),
                ("X-App-User-Uuid", "Our id of the user."),
                ("X-User-Pool-Id", "The user pool."),
                ("X-Organization-Id", "The organization."),
            )
        ],
    ],
    responses={204: None, **_APP_REFUSALS},
)  # fmt: skip
