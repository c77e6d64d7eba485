"""What the OpenAPI document says about SDK clients and app users."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from fairlead.orgs.schema import ORGANIZATION, PAGING, READ, WRITE, identifier, page, page_of
from fairlead.web.openapi import Answer, Call
from fairlead.web.tags import Tag
from sdkclients.serializers import ChangeSdkClient, CreateSdkClient, IssueToken, RotateKey, VerifyToken
from sdkclients.shapes import TOKEN_CODES, Caller, IssuedToken, Shown, Verdict
from userpools.schema import ID as POOL

CLIENT_ID = identifier("client_id", "Id of an SDK client of this organization.")
_CLIENT = "2f0f3e0a-9a64-4f37-8f2c-0d6f0b1f6a21"
_ORGANIZATION = "0b8ad0e4-43f4-4b1c-8f5f-5d7c1c0f6d11"
_NOON = "2030-01-01T12:00:00.000Z"
_APP_CODES = ("not_authenticated", "unknown_client", *TOKEN_CODES, "keys_unavailable")
_SHOWN = {
    "id": _CLIENT,
    "name": "Web",
    "description": "",
    "organizationId": _ORGANIZATION,
    "auth": {"type": "userPool", "userPoolId": POOL},
    "createdAt": _NOON,
    "updatedAt": _NOON,
}
_KEY = {"prefix": "flk_3pW", "createdAt": _NOON, "expiresAt": None, "lastUsedAt": None}
_SERVICE = {
    **_SHOWN,
    "name": "Importer",
    "auth": {"type": "apiKey", "prefix": "flk_3pW", "keys": [_KEY], "apiKey": "flk_3pW…"},
}
_TOLD = {
    "id": "b7f0d0c5-6a0e-4d55-9d2b-3e8f0d4c9a11",
    "appUserId": "user-1",
    "userPoolId": POOL,
    "sdkClientId": _CLIENT,
    "claims": {"iss": "https://id.example.org", "sub": "user-1", "aud": "example-client", "exp": 1893499200},
    "expiresAt": _NOON,
}


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


list_clients = Call(
    "listSdkClients", summary="List the organization's SDK clients", tag=Tag.CLIENTS,
    parameters=[ORGANIZATION, *PAGING], answers={200: Answer(page(Shown), page_of(_SHOWN))},
    refuses=[*READ, "invalid_request"],
)  # fmt: skip
create = Call(
    "createSdkClient", summary="Create an SDK client", tag=Tag.CLIENTS,
    parameters=[ORGANIZATION], body=CreateSdkClient,
    examples={
        "An application": {"name": "Web", "kind": {"application": {"userPoolId": POOL}}},
        "A service, with a key of its own": {"name": "Importer", "kind": "service"},
    },
    answers={201: Answer(Shown, _SERVICE)}, refuses=[*WRITE, "key_cannot_make_keys"],
)  # fmt: skip
retrieve = Call(
    "getSdkClient", summary="Show an SDK client", tag=Tag.CLIENTS,
    parameters=[ORGANIZATION, CLIENT_ID], answers={200: Answer(Shown, _SHOWN)}, refuses=READ,
)  # fmt: skip
change = Call(
    "changeSdkClient", summary="Rename an SDK client", tag=Tag.CLIENTS,
    parameters=[ORGANIZATION, CLIENT_ID], body=ChangeSdkClient, examples={"Another name": {"name": "Web shop"}},
    answers={200: Answer(Shown, _SHOWN)}, refuses=[*WRITE, "key_cannot_make_keys"],
)  # fmt: skip
delete = Call(
    "deleteSdkClient", summary="Delete an SDK client; a service's keys stop", tag=Tag.CLIENTS,
    parameters=[ORGANIZATION, CLIENT_ID], answers={204: Answer()}, refuses=[*WRITE, "key_cannot_make_keys"],
)  # fmt: skip
rotate_key = Call(
    "rotateSdkClientKey", summary="Give a service client a new key", tag=Tag.CLIENTS,
    description="Every earlier key works until the overlap ends at the latest.",
    parameters=[ORGANIZATION, CLIENT_ID], body=RotateKey, examples={"An hour for the change": {"overlapSeconds": 3600}},
    answers={200: Answer(Shown, _SERVICE)}, refuses=[*WRITE, "key_cannot_make_keys"],
)  # fmt: skip
issue = Call(
    "issueAppUserIdToken", summary="Issue a token for a hosted pool's user", tag=Tag.APP_USERS,
    parameters=[ORGANIZATION], body=IssueToken, examples={"A user": {"userPoolId": POOL, "appUserId": "user-1"}},
    answers={201: Answer(IssuedToken, {"appUserIdToken": "eyJ…"})}, refuses=[*WRITE, "pool_not_hosted", "throttled"],
)  # fmt: skip
verify = Call(
    "verifyToken", summary="Verify a user's token, and explain it", tag=Tag.APP_USERS,
    description="A refused token is an answer, not an error: `active` is false, and `code` says why.",
    parameters=[ORGANIZATION], body=VerifyToken,
    examples={"With every step": {"token": "eyJ…", "clientId": _CLIENT, "explain": True}},
    answers={200: Answer(Verdict, {"active": True, **_TOLD})}, refuses=[*WRITE, "keys_unavailable"],
)  # fmt: skip
me = Call(
    "getAppUser", summary="Who is calling", tag=Tag.APP_USERS,
    parameters=[
        OpenApiParameter(
            name="X-Client-Id", type={"type": "string", "format": "uuid"}, location=OpenApiParameter.HEADER,
            description="The SDK client that the call comes through. Only a hosted pool's token needs none.",
        )
    ],
    answers={200: Answer(Caller, {**_TOLD, "organizationId": _ORGANIZATION})},
    refuses=[*_APP_CODES, "client_required"],
)  # fmt: skip
authorize = Call(
    "authorizeAppUser", summary="Let a request through, for proxies", tag=Tag.APP_USERS,
    parameters=[identifier("client_id", "Id of an SDK client of kind application.")],
    answers={
        204: Answer(
            headers={
                "X-App-User-Id": "The customer's id of the user, percent-encoded UTF-8.",
                "X-App-User-Uuid": "Our id of the user.",
                "X-User-Pool-Id": "The user pool.",
                "X-Organization-Id": "The organization.",
            }
        )
    },
    refuses=_APP_CODES,
)  # fmt: skip
