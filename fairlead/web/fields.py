"""Fields of bodies and answers that take and give exactly what the contract says, whatever a host configured."""

from datetime import UTC
from typing import Any

from rest_framework import serializers


class Text(serializers.CharField):
    """A JSON string. DRF's own field would take numbers too. NUL and lone surrogates are refused by both."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Secret(Text):
    """A string that is taken exactly as it was sent, and never sent back."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, write_only=True, **options)


class Name(Text):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=1, max_length=100, **options)


class Description(Text):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=1000, allow_blank=True, required=False, **options)


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


class Moment(serializers.DateTimeField):
    """A time as ISO 8601 in UTC. DRF's own field follows DATETIME_FORMAT and TIME_ZONE of the project around it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso-8601", default_timezone=UTC, **options)
