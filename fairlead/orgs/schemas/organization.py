"""An organization on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from fairlead.orgs.models import Organization
from fairlead.orgs.schema import ORGANIZATION, READ, WRITE
from fairlead.web.bodies import Body
from fairlead.web.fields import Name, Text
from fairlead.web.openapi import Answer, Call
from fairlead.web.tags import Tag

ID = "0b8ad0e4-43f4-4b1c-8f5f-5d7c1c0f6d11"
NOON = "2030-01-01T12:00:00.000Z"
_ORGANIZATION = {
    "id": ID,
    "slug": "acme",
    "name": "Acme",
    "signIn": {
        "enforced": False,
        "autoJoin": True,
        "defaultRole": "member",
        "sessionHours": 24,
        "guests": False,
        "roleClaim": "",
        "roles": {},
    },
    "createdAt": NOON,
}


class ChangeOrganization(Body):
    name = Name(required=False)
    slug = Text(required=False, max_length=40)


class SignIn(serializers.Serializer):
    enforced = serializers.BooleanField()
    autoJoin = serializers.BooleanField()  # noqa: N815 - names of the contract
    defaultRole = serializers.CharField()  # noqa: N815
    sessionHours = serializers.IntegerField()  # noqa: N815
    guests = serializers.BooleanField()
    roleClaim = serializers.CharField(allow_blank=True)  # noqa: N815
    roles = serializers.DictField(child=serializers.CharField())


@extend_schema_serializer(component_name="Organization")
class Shown(serializers.Serializer):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    signIn = SignIn()  # noqa: N815
    createdAt = serializers.DateTimeField()  # noqa: N815


def shape(organization: Organization) -> dict[str, Any]:
    return {
        "id": str(organization.pk),
        "slug": organization.slug,
        "name": organization.name,
        "signIn": {
            "enforced": organization.enforced,
            "autoJoin": organization.auto_join,
            "defaultRole": organization.default_role,
            "sessionHours": organization.session_hours,
            "guests": organization.guests,
            "roleClaim": organization.role_claim,
            "roles": organization.roles,
        },
        "createdAt": moment(organization.created_at),
    }


def moment(at: Any) -> str:
    return str(at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))


retrieve = Call(
    "getOrganization", summary="Show the organization", tag=Tag.ORGANIZATION,
    parameters=[ORGANIZATION], answers={200: Answer(Shown, _ORGANIZATION)}, refuses=READ,
)  # fmt: skip
change = Call(
    "changeOrganization", summary="Rename the organization, or give it another slug", tag=Tag.ORGANIZATION,
    description="A slug that it had stays its own.", parameters=[ORGANIZATION],
    body=ChangeOrganization, examples={"Another name": {"name": "Acme Group", "slug": "acme-group"}},
    answers={200: Answer(Shown, _ORGANIZATION)}, refuses=[*WRITE, "slug_taken", "throttled"],
)  # fmt: skip
