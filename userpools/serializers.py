"""Shapes of the user pool calls. Rules are in `authorization` and `pools`."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fairlead.idtokens.signatures import SUPPORTED
from fairlead.web.bodies import Body
from fairlead.web.fields import Description, Identifier, Name, Text
from userpools.authorization import warnings_of
from userpools.id_claim import MAX_LENGTH, as_external_id
from userpools.models import UserPool

_ONE: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 1024}


@extend_schema_field({"oneOf": [_ONE, {"type": "array", "minItems": 1, "maxItems": 20, "items": _ONE}]})
class Audience(serializers.Field):
    """A non-empty string, or a list of 1 to 20 of them. Kept as a tuple."""

    default_error_messages = {"invalid": "Send a non-empty string, or a list of 1 to 20 of them, or null for none."}

    def to_internal_value(self, data: Any) -> tuple[str, ...]:
        members = [data] if isinstance(data, str) else data
        if not isinstance(members, list) or not 1 <= len(members) <= 20:
            self.fail("invalid")
        if not all(isinstance(each, str) and 0 < len(each) <= 1024 and _storable(each) for each in members):
            self.fail("invalid")
        return tuple(dict.fromkeys(members))

    def to_representation(self, value: Any) -> list[str]:
        return list(value)


class Algorithms(serializers.ListField):
    child = serializers.ChoiceField(choices=sorted(SUPPORTED))

    def to_internal_value(self, data: Any) -> Any:
        return tuple(dict.fromkeys(super().to_internal_value(data)))


class Authorization(Body):
    """Where a self-hosted pool's tokens come from. `jwksUri` or an https `issuer` must be there; null: not set."""

    jwksUri = Text(min_length=1, max_length=2048, required=False, allow_null=True)
    issuer = Text(min_length=1, max_length=1024, required=False, allow_null=True, trim_whitespace=False)
    audience = Audience(required=False, allow_null=True)
    algorithms = Algorithms(min_length=1, max_length=len(SUPPORTED), required=False, allow_null=True)
    idClaim = Text(min_length=1, max_length=100, required=False, allow_null=True, trim_whitespace=False)


class CreateUserPool(Body):
    name = Name()
    description = Description()
    authorization = Authorization(required=False, allow_null=True)


class ChangeUserPool(Body):
    name = Name(required=False)
    description = Description()
    authorization = Authorization(required=False, allow_null=True)


class ExternalId(Text):
    """The customer's id of a user: text of 1 to 255 characters, none of them a control character."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=1, max_length=MAX_LENGTH, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if as_external_id(text) is None:
            raise serializers.ValidationError("Control characters are not allowed.")
        return text


class RevokeTokens(Body):
    userPoolId = Identifier()
    appUserId = ExternalId()


def shape(pool: UserPool) -> dict[str, Any]:
    """A UserPool as the API answers it. By hand: DRF's fields would cost more than the query of a whole page."""
    return {
        "id": str(pool.id),
        "name": pool.name,
        "description": pool.description,
        "authorization": None if pool.hosted else _authorization(pool),
        "organizationId": str(pool.organization_id),
        "hosted": pool.hosted,
        "warnings": warnings_of(pool),
        "createdAt": moment(pool.created_at),
        "updatedAt": moment(pool.updated_at),
    }


def moment(at: Any) -> str:
    return str(at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))


def _authorization(pool: UserPool) -> dict[str, Any]:
    return {
        "jwksUri": pool.jwks_uri or None,
        "idClaim": pool.id_claim,
        "issuer": pool.issuer or None,
        "audience": pool.audiences or None,
        "algorithms": pool.algorithms,
    }


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
