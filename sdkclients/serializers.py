"""Shapes of the SDK client and app user calls. Rules are in `clients`, `identity` and the pools below."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fairlead.orgs.api_keys import MAX_OVERLAP
from fairlead.orgs.models import ApiKey
from fairlead.web.bodies import Body
from fairlead.web.fields import Description, Identifier, Name, Text, WholeNumber
from sdkclients.identity import Caller
from sdkclients.models import Kind, SdkClient
from userpools.serializers import ExternalId, moment

_LAST_MOMENT = 253402300799  # seconds: the end of the year 9999, beyond which no ISO 8601 date is written here


class _Application(Body):
    userPoolId = Identifier()


class _Service(Body):
    pass


_KINDS: Mapping[str, type[Body]] = {"application": _Application, "service": _Service}


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "enum": ["service"]},
            {
                "type": "object", "required": ["service"], "additionalProperties": False,
                "properties": {"service": {"type": "object", "additionalProperties": False}},
            },
            {
                "type": "object", "required": ["application"], "additionalProperties": False,
                "properties": {
                    "application": {
                        "type": "object", "required": ["userPoolId"], "additionalProperties": False,
                        "properties": {"userPoolId": {"type": "string", "format": "uuid"}},
                    }
                },
            },
        ]
    }
)  # fmt: skip
class ClientKind(serializers.Field):
    """`{"application": {"userPoolId": ...}}`, `{"service": {}}` or `"service"`.

    Kept as the pool's id; None: service.
    """

    def to_internal_value(self, data: Any) -> Any:
        if data == "service":
            return None
        if not isinstance(data, dict) or len(data) != 1 or next(iter(data)) not in _KINDS:
            raise serializers.ValidationError(
                'Send {"application": {"userPoolId": "..."}}, {"service": {}} or "service".'
            )
        kind, members = next(iter(data.items()))
        body = _KINDS[kind](data=members)
        if not body.is_valid():
            raise serializers.ValidationError({kind: body.errors})
        return body.validated_data.get("userPoolId")


class CreateSdkClient(Body):
    name = Name()
    description = Description()
    kind = ClientKind()


class ChangeSdkClient(Body):
    name = Name(required=False)
    description = Description()


class RotateKey(Body):
    overlapSeconds = WholeNumber(required=False, min_value=0, max_value=int(MAX_OVERLAP.total_seconds()))


class IssueToken(Body):
    userPoolId = Identifier()
    appUserId = ExternalId()
    exp = WholeNumber(required=False, min_value=0, max_value=2**53, help_text="Unix time, at most 180 days ahead.")


class VerifyToken(Body):
    """`token`, and either `clientId` or `userPoolId`."""

    token = Text(min_length=1, max_length=60_000, trim_whitespace=False)
    clientId = Identifier(required=False)
    userPoolId = Identifier(required=False)
    explain = serializers.BooleanField(required=False)

    def validate_explain(self, value: Any) -> bool:
        if self.initial_data["explain"] not in (True, False) or not isinstance(self.initial_data["explain"], bool):
            raise serializers.ValidationError("Send true or false.")
        return bool(value)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("clientId" in given) is ("userPoolId" in given):
            raise serializers.ValidationError({"clientId": ["Send either clientId or userPoolId."]})
        return given


def shape(client: SdkClient, *, plaintext: str | None = None) -> dict[str, Any]:
    """An SdkClient as the API answers it, once `clients.load_keys` had it. `plaintext` is the key of a service client,
    the one time it is known."""
    auth: dict[str, Any]
    if client.kind == Kind.APPLICATION:
        auth = {"type": "userPool", "userPoolId": str(client.pool_id)}
    else:
        auth = {
            "type": "apiKey",
            "prefix": client.api_key.prefix if client.api_key else "",
            "keys": [_shape_key(key) for key in client.working_keys],
        }
        if plaintext is not None:
            auth["apiKey"] = plaintext
    return {
        "id": str(client.id),
        "name": client.name,
        "description": client.description,
        "organizationId": str(client.organization_id),
        "auth": auth,
        "createdAt": moment(client.created_at),
        "updatedAt": moment(client.updated_at),
    }


def _shape_key(key: ApiKey) -> dict[str, Any]:
    return {
        "prefix": key.prefix,
        "createdAt": moment(key.created_at),
        "expiresAt": moment(key.expires_at) if key.expires_at else None,
        "lastUsedAt": moment(key.last_used_at) if key.last_used_at else None,
    }


def shape_caller(caller: Caller) -> dict[str, Any]:
    """An app user's call: who it is, and what the token said."""
    return {
        "id": str(caller.user.id),
        "appUserId": caller.user.external_id,
        "userPoolId": str(caller.pool.id),
        "sdkClientId": str(caller.client.id) if caller.client else None,
        "organizationId": str(caller.pool.organization_id),
        "claims": dict(caller.token.claims),
        "expiresAt": moment(datetime.fromtimestamp(min(caller.token.expires_at, _LAST_MOMENT), tz=UTC)),
    }
