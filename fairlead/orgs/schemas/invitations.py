"""Invitations on the wire."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from fairlead.orgs.models import Invitation, Role
from fairlead.orgs.schema import ORGANIZATION, PAGING, READ, WRITE, identifier, page, page_of
from fairlead.orgs.schemas.organization import NOON, moment
from fairlead.web.bodies import Body
from fairlead.web.fields import Text
from fairlead.web.openapi import Answer, Call
from fairlead.web.tags import Tag

INVITATION_ID = identifier("invitation_id", "Id of an invitation of this organization.")
_INVITATION = {
    "id": "1d9b2f60-51a5-4a3e-9c1b-7f6e5d4c3b2a",
    "email": "colleague@example.org",
    "role": "member",
    "invitedBy": "6a1f6c1e-5b0d-4a54-8c36-0f6e2b1d9c10",
    "state": "open",
    "expiresAt": NOON,
}


class CreateInvitation(Body):
    email = Text(max_length=254)
    role = serializers.ChoiceField(choices=Role.values)


@extend_schema_serializer(component_name="Invitation")
class Shown(serializers.Serializer):
    id = serializers.UUIDField()
    email = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.values)
    invitedBy = serializers.CharField(allow_null=True)  # noqa: N815 - names of the contract
    state = serializers.ChoiceField(choices=["open", "accepted", "ended"])
    expiresAt = serializers.DateTimeField()  # noqa: N815


def shape(invitation: Invitation) -> dict[str, Any]:
    """An Invitation. `invitedBy` is the key of a person, null once they are gone."""
    return {
        "id": str(invitation.pk),
        "email": invitation.email,
        "role": invitation.role,
        "invitedBy": str(invitation.invited_by_id) if invitation.invited_by_id else None,
        "state": _state(invitation),
        "expiresAt": moment(invitation.expires_at),
    }


def _state(invitation: Invitation) -> str:
    if invitation.used_at is not None:
        return "accepted"
    return "open" if invitation.ended_at is None and invitation.expires_at > timezone.now() else "ended"


list_invitations = Call(
    "listInvitations", summary="List the organization's invitations", tag=Tag.ORGANIZATION,
    parameters=[ORGANIZATION, *PAGING], answers={200: Answer(page(Shown), page_of(_INVITATION))},
    refuses=[*READ, "forbidden", "invalid_request"],
)  # fmt: skip
create = Call(
    "createInvitation", summary="Invite somebody by mail", tag=Tag.ORGANIZATION,
    description="The link is in the mail alone. As `admin` only after a fresh sign-in.", parameters=[ORGANIZATION],
    body=CreateInvitation, examples={"A colleague": {"email": "colleague@example.org", "role": "member"}},
    answers={201: Answer(Shown, _INVITATION)},
    refuses=[*WRITE, "fresh_sign_in_required", "already_member", "throttled"],
)  # fmt: skip
delete = Call(
    "deleteInvitation", summary="Withdraw an invitation", tag=Tag.ORGANIZATION,
    parameters=[ORGANIZATION, INVITATION_ID], answers={204: Answer()}, refuses=[*WRITE, "invitation_invalid"],
)  # fmt: skip
resend = Call(
    "resendInvitation", summary="Mail an invitation once more", tag=Tag.ORGANIZATION,
    description="With another link; the one before is dead.", parameters=[ORGANIZATION, INVITATION_ID],
    answers={200: Answer(Shown, _INVITATION)},
    refuses=[*WRITE, "fresh_sign_in_required", "invitation_invalid", "already_member", "throttled"],
)  # fmt: skip
