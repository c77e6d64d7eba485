"""The shapes of answers about SDK clients and app users, as the OpenAPI document tells them."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from fairlead.idtokens.errors import RefusalCode

# What only a sign-in can end in is no verdict on an app user's token.
TOKEN_CODES = [
    str(code) for code in RefusalCode if code not in {RefusalCode.WRONG_NONCE, RefusalCode.WRONG_ACCESS_TOKEN_HASH}
]


class WorkingKey(serializers.Serializer):
    prefix = serializers.CharField()
    createdAt = serializers.DateTimeField()  # noqa: N815
    expiresAt = serializers.DateTimeField(allow_null=True)  # noqa: N815
    lastUsedAt = serializers.DateTimeField(allow_null=True)  # noqa: N815


class ClientAuth(serializers.Serializer):
    type = serializers.ChoiceField(choices=["userPool", "apiKey"])
    userPoolId = serializers.UUIDField(required=False, help_text="Of an application client.")  # noqa: N815
    apiKey = serializers.CharField(required=False, help_text="Of a service client: shown once.")  # noqa: N815
    prefix = serializers.CharField(required=False, help_text="Start of a service client's key.")
    keys = WorkingKey(many=True, required=False, help_text="Of a service client: those that work, newest first.")


@extend_schema_serializer(component_name="SdkClient")
class Shown(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    organizationId = serializers.UUIDField()  # noqa: N815
    auth = ClientAuth()
    createdAt = serializers.DateTimeField()  # noqa: N815
    updatedAt = serializers.DateTimeField()  # noqa: N815


@extend_schema_serializer(component_name="AppUser")
class Caller(serializers.Serializer):
    id = serializers.UUIDField(help_text="Ours, unique over all pools.")
    appUserId = serializers.CharField(help_text="The customer's, unique in its pool.")  # noqa: N815
    userPoolId = serializers.UUIDField()  # noqa: N815
    sdkClientId = serializers.UUIDField(allow_null=True)  # noqa: N815
    organizationId = serializers.UUIDField()  # noqa: N815
    claims = serializers.DictField()
    expiresAt = serializers.DateTimeField()  # noqa: N815


class ExplainedStep(serializers.Serializer):
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["ok", "failed", "skipped"])
    text = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    remedy = serializers.CharField(allow_null=True)


@extend_schema_serializer(component_name="VerifiedToken")
class Verdict(serializers.Serializer):
    active = serializers.BooleanField()
    code = serializers.ChoiceField(choices=TOKEN_CODES, required=False)
    detail = serializers.CharField(required=False)
    id = serializers.UUIDField(required=False)
    appUserId = serializers.CharField(required=False)  # noqa: N815
    userPoolId = serializers.UUIDField(required=False)  # noqa: N815
    sdkClientId = serializers.UUIDField(required=False, allow_null=True)  # noqa: N815
    claims = serializers.DictField(required=False)
    expiresAt = serializers.DateTimeField(required=False)  # noqa: N815
    steps = ExplainedStep(many=True, required=False)


class IssuedToken(serializers.Serializer):
    appUserIdToken = serializers.CharField()  # noqa: N815
