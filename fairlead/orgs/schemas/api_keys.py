"""API keys on the wire."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from fairlead.orgs.api_keys import MAX_OVERLAP
from fairlead.orgs.models import ApiKey
from fairlead.orgs.schema import ORGANIZATION, PAGING, READ, WRITE, identifier, page, page_of
from fairlead.orgs.schemas.organization import NOON, moment
from fairlead.web.bodies import Body
from fairlead.web.fields import Moment, Name, WholeNumber
from fairlead.web.openapi import Answer, Call
from fairlead.web.tags import Tag

KEY_ID = identifier("key_id", "Id of an API key of this organization.")
_KEY = {
    "id": "3f6c8e52-0f0e-4d0b-9f35-2b1a0c9d8e7f",
    "name": "backend",
    "prefix": "flk_3pW",
    "createdBy": "6a1f6c1e-5b0d-4a54-8c36-0f6e2b1d9c10",
    "createdAt": NOON,
    "expiresAt": None,
    "lastUsedAt": None,
    "state": "working",
}
_NEW = {**_KEY, "apiKey": "flk_3pW…"}
_CHANGES = (*WRITE, "fresh_sign_in_required", "key_cannot_make_keys")


class CreateApiKey(Body):
    name = Name()
    expiresAt = Moment(required=False, allow_null=True)  # noqa: N815 - names of the contract

    def validate_expiresAt(self, value: datetime | None) -> datetime | None:  # noqa: N802
        if value is not None and value <= timezone.now():
            raise serializers.ValidationError(gettext("Send a time that is still to come, or leave it out."))
        return value


class RotateApiKey(Body):
    overlapSeconds = WholeNumber(  # noqa: N815
        required=False, min_value=0, max_value=int(MAX_OVERLAP.total_seconds())
    )


@extend_schema_serializer(component_name="ApiKey")
class Shown(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    apiKey = serializers.CharField(required=False)  # noqa: N815
    createdBy = serializers.CharField(allow_null=True)  # noqa: N815
    createdAt = serializers.DateTimeField()  # noqa: N815
    expiresAt = serializers.DateTimeField(allow_null=True)  # noqa: N815
    lastUsedAt = serializers.DateTimeField(allow_null=True)  # noqa: N815
    state = serializers.ChoiceField(choices=["working", "expired", "revoked"])


def shape(key: ApiKey, *, plaintext: str | None = None) -> dict[str, Any]:
    """An ApiKey; with its `plaintext` the one time that it is known."""
    return {
        "id": str(key.pk),
        "name": key.name,
        "prefix": key.prefix,
        "createdBy": str(key.created_by_id) if key.created_by_id else None,
        "createdAt": moment(key.created_at),
        "expiresAt": moment(key.expires_at) if key.expires_at else None,
        "lastUsedAt": moment(key.last_used_at) if key.last_used_at else None,
        "state": _state(key),
        **({"apiKey": plaintext} if plaintext is not None else {}),
    }


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= timezone.now() else "working"


list_keys = Call(
    "listApiKeys", summary="List the organization's API keys", tag=Tag.ORGANIZATION,
    description="Those of service clients stand with their clients.", parameters=[ORGANIZATION, *PAGING],
    answers={200: Answer(page(Shown), page_of(_KEY))},
    refuses=[*READ, "forbidden", "key_cannot_make_keys", "invalid_request"],
)  # fmt: skip
create = Call(
    "createApiKey", summary="Make an API key", tag=Tag.ORGANIZATION,
    description="`apiKey` is in this answer and nowhere else.", parameters=[ORGANIZATION],
    body=CreateApiKey, examples={"A key that ends": {"name": "backend", "expiresAt": "2031-01-01T00:00:00Z"}},
    answers={201: Answer(Shown, _NEW)}, refuses=_CHANGES,
)  # fmt: skip
rotate = Call(
    "rotateApiKey", summary="Give an API key a successor", tag=Tag.ORGANIZATION,
    description="Every earlier key works until the overlap ends at the latest.", parameters=[ORGANIZATION, KEY_ID],
    body=RotateApiKey, examples={"An hour for the change": {"overlapSeconds": 3600}},
    answers={200: Answer(Shown, _NEW)}, refuses=_CHANGES,
)  # fmt: skip
delete = Call(
    "deleteApiKey", summary="Revoke an API key", tag=Tag.ORGANIZATION,
    parameters=[ORGANIZATION, KEY_ID], answers={204: Answer()}, refuses=_CHANGES,
)  # fmt: skip
