"""What every request body of the organization API has in common: strict about names and types, shape only."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request


class Body(serializers.Serializer):
    """A JSON object with these members and no others: a misspelt option must not silently do nothing."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": ["Send a JSON object."]})
        unknown = [str(name)[:100] for name in data if name not in self.fields][:20]
        if unknown:
            known = ", ".join(self.fields) or "none"
            raise serializers.ValidationError({name: [f"Unknown field. Known here: {known}."] for name in unknown})
        return super().to_internal_value(data)


def read(body: type[Body], request: Request) -> dict[str, Any]:
    """The members of the request's body. Raises ValidationError."""
    given = body(data=request.data)
    given.is_valid(raise_exception=True)
    members: dict[str, Any] = given.validated_data
    return members


class Text(serializers.CharField):
    """A JSON string. DRF's own field would take numbers too."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class WholeNumber(serializers.IntegerField):
    """A JSON integer. DRF's own field would take strings, fractions and true."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Identifier(serializers.UUIDField):
    """A UUID as a JSON string in its usual form. DRF's own field would take integers and other spellings."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or len(data) != 36:
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


def name(*, required: bool = True) -> Text:
    return Text(min_length=1, max_length=100, required=required)


def description() -> Text:
    return Text(max_length=1000, allow_blank=True, required=False)
