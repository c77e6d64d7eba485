"""Members on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from fairlead.orgs.models import Membership, Role, RoleSource
from fairlead.orgs.people import address_of, name_of
from fairlead.orgs.schema import ORGANIZATION, PAGING, READ, WRITE, identifier, page, page_of
from fairlead.orgs.schemas.organization import NOON, moment
from fairlead.web.bodies import Body
from fairlead.web.openapi import Answer, Call
from fairlead.web.tags import Tag

MEMBER_ID = identifier("member_id", "Id of a membership of this organization.")
_MEMBER = {
    "id": "f0b5e0a2-2c3f-4a0e-8a53-6c1d2e3f4a5b",
    "userId": "6a1f6c1e-5b0d-4a54-8c36-0f6e2b1d9c10",
    "name": "Person One",
    "email": "person@example.org",
    "role": "member",
    "roleSource": "hand",
    "guest": False,
    "lastSeenAt": NOON,
    "joinedAt": NOON,
}


class ChangeMember(Body):
    role = serializers.ChoiceField(choices=Role.values)


@extend_schema_serializer(component_name="Member")
class Shown(serializers.Serializer):
    id = serializers.UUIDField()
    userId = serializers.CharField()  # noqa: N815 - names of the contract
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.values)
    roleSource = serializers.ChoiceField(choices=RoleSource.values)  # noqa: N815
    guest = serializers.BooleanField()
    lastSeenAt = serializers.DateTimeField(allow_null=True)  # noqa: N815
    joinedAt = serializers.DateTimeField()  # noqa: N815


def shape(membership: Membership) -> dict[str, Any]:
    """A Member, once `members.load_last_seen` had it. Nobody is a guest while sign-in is not enforced."""
    seen = membership.last_seen_at
    return {
        "id": str(membership.pk),
        "userId": str(membership.user_id),
        "name": name_of(membership.user),
        "email": address_of(membership.user),
        "role": membership.role,
        "roleSource": membership.role_source,
        "guest": False,
        "lastSeenAt": moment(seen) if seen else None,
        "joinedAt": moment(membership.joined_at),
    }


list_members = Call(
    "listMembers", summary="List the organization's members", tag=Tag.ORGANIZATION,
    parameters=[ORGANIZATION, *PAGING], answers={200: Answer(page(Shown), page_of(_MEMBER))},
    refuses=[*READ, "forbidden", "invalid_request"],
)  # fmt: skip
retrieve = Call(
    "getMember", summary="Show a member", tag=Tag.ORGANIZATION,
    parameters=[ORGANIZATION, MEMBER_ID], answers={200: Answer(Shown, _MEMBER)}, refuses=[*READ, "forbidden"],
)  # fmt: skip
change = Call(
    "changeMember", summary="Give a member another role", tag=Tag.ORGANIZATION,
    description="To and from `admin` only after a fresh sign-in.",
    parameters=[ORGANIZATION, MEMBER_ID], body=ChangeMember, examples={"Reads only": {"role": "read-only"}},
    answers={200: Answer(Shown, _MEMBER)}, refuses=[*WRITE, "fresh_sign_in_required", "last_admin"],
)  # fmt: skip
delete = Call(
    "removeMember", summary="Remove a member, or leave", tag=Tag.ORGANIZATION,
    description="Whoever left or was removed comes back by an invitation alone.",
    parameters=[ORGANIZATION, MEMBER_ID], answers={204: Answer()},
    refuses=[*WRITE, "fresh_sign_in_required", "last_admin"],
)  # fmt: skip
