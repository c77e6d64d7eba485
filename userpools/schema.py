"""What the OpenAPI document says about user pools."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers

from fairlead.orgs.schema import ORGANIZATION, PAGING, identifier, page, problems, refusals
from userpools.serializers import ChangeUserPool, CreateUserPool, RevokeTokens

POOL_ID = identifier("pool_id", "Id of a user pool of this organization.")
_TAG = ["User pools"]
_POOL = {
    "id": "7c1b7f5e-3a38-4f0e-9a53-6f1f0d2b7f10",
    "name": "Customers",
    "description": "Users of the example application",
    "authorization": {
        "jwksUri": "https://id.example.org/.well-known/jwks.json",
        "idClaim": "sub",
        "issuer": "https://id.example.org",
        "audience": ["example-client"],
        "algorithms": ["ES256", "RS256"],
    },
    "organizationId": "0b8ad0e4-43f4-4b1c-8f5f-5d7c1c0f6d11",
    "hosted": False,
    "warnings": [],
    "createdAt": "2030-01-01T12:00:00.000Z",
    "updatedAt": "2030-01-01T12:00:00.000Z",
}
_BODY = {
    "name": "Customers",
    "description": "Users of the example application",
    "authorization": {"jwksUri": "https://id.example.org/.well-known/jwks.json"},
}


class _Warning(serializers.Serializer):
    code = serializers.ChoiceField(
        choices=["no_issuer", "no_audience", "id_claim_may_be_reassigned", "keys_unreachable"]
    )
    detail = serializers.CharField()


class _Trusted(serializers.Serializer):
    jwksUri = serializers.CharField(allow_null=True)  # noqa: N815 - names of the contract
    idClaim = serializers.CharField()  # noqa: N815
    issuer = serializers.CharField(allow_null=True)
    audience = serializers.ListField(child=serializers.CharField(), allow_null=True)
    algorithms = serializers.ListField(child=serializers.CharField())


@extend_schema_serializer(component_name="UserPool")
class _UserPool(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    authorization = _Trusted(allow_null=True)
    organizationId = serializers.UUIDField()  # noqa: N815
    hosted = serializers.BooleanField()
    warnings = _Warning(many=True)
    createdAt = serializers.DateTimeField()  # noqa: N815
    updatedAt = serializers.DateTimeField()  # noqa: N815


class _Step(serializers.Serializer):
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["ok", "failed", "skipped"])
    text = serializers.CharField()
    remedy = serializers.CharField(allow_null=True)


class _Key(serializers.Serializer):
    kid = serializers.CharField(allow_null=True)


@extend_schema_serializer(component_name="UserPoolCheck")
class _Check(serializers.Serializer):
    userPoolId = serializers.UUIDField()  # noqa: N815
    usable = serializers.BooleanField(help_text="Whether tokens of this pool can be verified now.")
    fetchedAt = serializers.DateTimeField(allow_null=True)  # noqa: N815
    ageSeconds = serializers.IntegerField(allow_null=True)  # noqa: N815
    steps = _Step(many=True)
    keys = _Key(many=True)


def _example(value: Any, name: str, **where: bool) -> OpenApiExample:
    return OpenApiExample(name, value=value, **where)  # type: ignore[arg-type]


_answer = _example(_POOL, "A pool with its own issuer", response_only=True)

list_pools = extend_schema(
    operation_id="listUserPools", summary="List the organization's user pools",
    tags=_TAG, parameters=[ORGANIZATION, *PAGING],
    responses={200: OpenApiResponse(response=page("UserPool")), **problems()},
)  # fmt: skip
create = extend_schema(
    operation_id="createUserPool", summary="Create a user pool",
    tags=_TAG, parameters=[ORGANIZATION], request=CreateUserPool,
    responses={201: _UserPool, **problems(body=True)},
    examples=[
        _example(_BODY, "Keys of your own provider", request_only=True),
        _example({"name": "Hosted"}, "Hosted: we issue the tokens", request_only=True),
        _answer,
    ],
)  # fmt: skip
retrieve = extend_schema(
    operation_id="getUserPool", summary="Show a user pool",
    tags=_TAG, parameters=[ORGANIZATION, POOL_ID],
    responses={200: _UserPool, **problems()}, examples=[_answer],
)  # fmt: skip
change = extend_schema(
    operation_id="changeUserPool", summary="Change a user pool",
    tags=_TAG, parameters=[ORGANIZATION, POOL_ID], request=ChangeUserPool,
    responses={200: _UserPool, **problems(body=True, _409="pool_kind_fixed", _429="throttled")}, examples=[_answer],
)  # fmt: skip
delete = extend_schema(
    operation_id="deleteUserPool", summary="Delete a user pool that no client uses",
    tags=_TAG, parameters=[ORGANIZATION, POOL_ID],
    responses={204: None, **problems(_409="in_use")},
)  # fmt: skip
check = extend_schema(
    operation_id="checkUserPool", summary="Fetch a pool's keys and say what they look like",
    tags=_TAG, parameters=[ORGANIZATION, POOL_ID], request=None,
    responses={200: _Check, **problems()},
)  # fmt: skip
revoke = extend_schema(
    operation_id="revokeAppUserIdTokens", summary="Refuse every token of a user up to now",
    tags=["App users"], parameters=[ORGANIZATION], request=RevokeTokens,
    responses={204: None, **problems(body=True)},
)  # fmt: skip
key_set = extend_schema(
    operation_id="getHostedKeySet", summary="Key set of a hosted pool",
    tags=["Hosted pools"], parameters=[POOL_ID], auth=[],
    responses={
        200: OpenApiResponse(
            response={
                "type": "object", "required": ["keys"],
                "properties": {"keys": {"type": "array", "items": {"type": "object"}}},
            }
        ),
        **refusals({404: ["not_found"], 405: ["method_not_allowed"]}),
    },
)  # fmt: skip
discovery = extend_schema(
    operation_id="getHostedDiscovery", summary="Discovery document of a hosted pool",
    tags=["Hosted pools"], parameters=[POOL_ID], auth=[],
    responses={
        200: OpenApiResponse(
            response={
                "type": "object", "required": ["issuer", "jwks_uri"],
                "properties": {"issuer": {"type": "string"}, "jwks_uri": {"type": "string"}},
            }
        ),
        **refusals({404: ["not_found"], 405: ["method_not_allowed"]}),
    },
)  # fmt: skip
