"""What the OpenAPI document says about user pools."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from fairlead.orgs.schema import ORGANIZATION, PAGING, READ, WRITE, identifier, page, page_of
from fairlead.web.openapi import Answer, Call
from fairlead.web.tags import Tag
from userpools.serializers import ChangeUserPool, CreateUserPool, RevokeTokens

POOL_ID = identifier("pool_id", "Id of a user pool of this organization.")
ID = "7c1b7f5e-3a38-4f0e-9a53-6f1f0d2b7f10"
_KEYS = "https://id.example.org/.well-known/jwks.json"
_POOL = {
    "id": ID,
    "name": "Customers",
    "description": "Users of the example application",
    "authorization": {
        "jwksUri": _KEYS,
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
_CHECKED = {
    "userPoolId": ID,
    "usable": True,
    "fetchedAt": "2030-01-01T12:00:00.000Z",
    "ageSeconds": 4,
    "steps": [{"name": "fetch", "outcome": "ok", "text": f"{_KEYS} was fetched just now.", "remedy": None}],
    "keys": [{"kid": "2030-01"}],
}
_PUBLISHED = f"https://login.example.org/pools/{ID}"
_BODIES: dict[str, Any] = {
    "Keys of your own provider": {
        "name": "Customers",
        "description": "Users of the example application",
        "authorization": {"jwksUri": _KEYS, "issuer": "https://id.example.org", "audience": "example-client"},
    },
    "Hosted: we issue the tokens": {"name": "Hosted"},
}


class PoolWarning(serializers.Serializer):
    code = serializers.ChoiceField(
        choices=["no_issuer", "no_audience", "id_claim_may_be_reassigned", "keys_unreachable"]
    )
    detail = serializers.CharField()


class Trusted(serializers.Serializer):
    jwksUri = serializers.CharField(allow_null=True)  # noqa: N815 - names of the contract
    idClaim = serializers.CharField()  # noqa: N815
    issuer = serializers.CharField(allow_null=True)
    audience = serializers.ListField(child=serializers.CharField(), allow_null=True)
    algorithms = serializers.ListField(child=serializers.CharField())


@extend_schema_serializer(component_name="UserPool")
class Pool(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    authorization = Trusted(allow_null=True)
    organizationId = serializers.UUIDField()  # noqa: N815
    hosted = serializers.BooleanField()
    warnings = PoolWarning(many=True)
    createdAt = serializers.DateTimeField()  # noqa: N815
    updatedAt = serializers.DateTimeField()  # noqa: N815


class CheckStep(serializers.Serializer):
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["ok", "failed", "skipped"])
    text = serializers.CharField()
    remedy = serializers.CharField(allow_null=True)


class CheckedKey(serializers.Serializer):
    kid = serializers.CharField(allow_null=True)


@extend_schema_serializer(component_name="UserPoolCheck")
class Checked(serializers.Serializer):
    userPoolId = serializers.UUIDField()  # noqa: N815
    usable = serializers.BooleanField(help_text="Whether tokens of this pool can be verified now.")
    fetchedAt = serializers.DateTimeField(allow_null=True)  # noqa: N815
    ageSeconds = serializers.IntegerField(allow_null=True)  # noqa: N815
    steps = CheckStep(many=True)
    keys = CheckedKey(many=True)


def _document(**members: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(members), "properties": members}


list_pools = Call(
    "listUserPools", summary="List the organization's user pools", tag=Tag.POOLS,
    parameters=[ORGANIZATION, *PAGING], answers={200: Answer(page(Pool), page_of(_POOL))},
    refuses=[*READ, "invalid_request"],
)  # fmt: skip
create = Call(
    "createUserPool", summary="Create a user pool", tag=Tag.POOLS,
    description="Without `authorization` the pool is hosted: its tokens are issued here. The keys are fetched once.",
    parameters=[ORGANIZATION], body=CreateUserPool, examples=_BODIES, answers={201: Answer(Pool, _POOL)},
    refuses=[*WRITE, "throttled"],
)  # fmt: skip
retrieve = Call(
    "getUserPool", summary="Show a user pool", tag=Tag.POOLS,
    parameters=[ORGANIZATION, POOL_ID], answers={200: Answer(Pool, _POOL)}, refuses=READ,
)  # fmt: skip
change = Call(
    "changeUserPool", summary="Change a user pool", tag=Tag.POOLS,
    description="Members of `authorization` merge, null clears one. In effect everywhere within 10 seconds.",
    parameters=[ORGANIZATION, POOL_ID], body=ChangeUserPool,
    examples={"Another audience": {"authorization": {"audience": ["example-client", "example-app"]}}},
    answers={200: Answer(Pool, _POOL)}, refuses=[*WRITE, "pool_kind_fixed", "throttled"],
)  # fmt: skip
delete = Call(
    "deleteUserPool", summary="Delete a user pool that no client uses", tag=Tag.POOLS,
    parameters=[ORGANIZATION, POOL_ID], answers={204: Answer()}, refuses=[*WRITE, "in_use"],
)  # fmt: skip
check = Call(
    "checkUserPool", summary="Fetch a pool's keys and say what they look like", tag=Tag.POOLS,
    description="At most once in ten seconds per address; in between it tells of the last fetch.",
    parameters=[ORGANIZATION, POOL_ID], answers={200: Answer(Checked, _CHECKED)}, refuses=[*WRITE, "throttled"],
)  # fmt: skip
revoke = Call(
    "revokeAppUserIdTokens", summary="Refuse every token of a user up to now", tag=Tag.APP_USERS,
    parameters=[ORGANIZATION], body=RevokeTokens,
    examples={"A user of a pool": {"userPoolId": ID, "appUserId": "user-1"}},
    answers={204: Answer()}, refuses=WRITE,
)  # fmt: skip
key_set = Call(
    "getHostedKeySet", summary="Key set of a hosted pool", tag=Tag.HOSTED, parameters=[POOL_ID],
    answers={
        200: Answer(
            _document(keys={"type": "array", "items": {"type": "object"}}),
            {"keys": [{"kty": "EC", "crv": "P-256", "kid": "2030-01", "alg": "ES256", "x": "…", "y": "…"}]},
        )
    },
    refuses=["not_found"],
)  # fmt: skip
discovery = Call(
    "getHostedDiscovery", summary="Discovery document of a hosted pool", tag=Tag.HOSTED, parameters=[POOL_ID],
    answers={
        200: Answer(
            _document(issuer={"type": "string"}, jwks_uri={"type": "string"}),
            {"issuer": _PUBLISHED, "jwks_uri": f"{_PUBLISHED}/.well-known/jwks.json"},
        )
    },
    refuses=["not_found"],
)  # fmt: skip
