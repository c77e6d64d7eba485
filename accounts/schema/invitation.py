"""What the OpenAPI document says about accepting an invitation."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.schema.examples import TOKENS, USER
from accounts.serializers import AcceptInvitationInput, SignedInSerializer
from fairlead.web.openapi import ACCESS_TOKEN_CODES, Answer, Call
from fairlead.web.tags import Tag

_JOINED = {
    "organization": {"id": "0b8ad0e4-43f4-4b1c-8f5f-5d7c1c0f6d11", "slug": "acme", "name": "Acme"},
    "role": "member",
}


class JoinedOrganization(serializers.Serializer):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


@extend_schema_serializer(component_name="Joined")
class Joined(serializers.Serializer):
    organization = JoinedOrganization()
    role = serializers.ChoiceField(choices=["admin", "member", "read-only"])


@extend_schema_serializer(component_name="JoinedAsNew")
class JoinedAsNew(SignedInSerializer):
    organization = JoinedOrganization()
    role = serializers.ChoiceField(choices=["admin", "member", "read-only"])


def shape(membership: Any) -> dict[str, Any]:
    organization = membership.organization
    told = {"id": str(organization.pk), "slug": organization.slug, "name": organization.name}
    return {"organization": told, "role": str(membership.role)}


accept = Call(
    "acceptInvitation", summary="Accept an invitation to an organization", tag=Tag.ACCOUNT,
    description="With an access token: the account that has the address. Without one: a new account, with its tokens.",
    body=AcceptInvitationInput,
    examples={
        "Somebody with an account": {"token": "fli_…"},
        "Somebody new": {"token": "fli_…", "name": "Person One", "password": "a long enough password"},
    },
    answers={200: Answer(Joined, _JOINED), 201: Answer(JoinedAsNew, {**TOKENS, "user": USER, **_JOINED})},
    refuses=[
        *ACCESS_TOKEN_CODES, "invitation_invalid", "wrong_address", "password_login_disabled", "already_member",
        "not_found", "throttled",
    ],
)  # fmt: skip
