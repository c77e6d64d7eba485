"""The bodies of requests: read strictly, and taken apart by a serializer. One reader for every JSON body.

Strict, because two readers of one body (a proxy and we, say) must not see two different requests.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext, gettext_noop
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from fairlead.idtokens import strict_json
from fairlead.refusal import Refused

MAX_BODY = 64 * 1024  # bytes


class BodyTooLarge(Refused):
    code = "body_too_large"
    cause_id = "request.too_large"
    on_record = False
    detail = gettext_noop("Send at most 64 KiB.")


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 means it: UTF-8, no NaN, no repeated member, bounded in bytes and depth."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            length = int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
            raw = b"" if length > MAX_BODY else stream.read(MAX_BODY + 1)
        except RequestDataTooBig:
            raise BodyTooLarge from None
        except ValueError:
            raise ParseError(gettext("The Content-Length is no number.")) from None
        if max(length, len(raw)) > MAX_BODY:
            raise BodyTooLarge
        try:
            # Text refuses NUL and lone surrogates, naming the field.
            return strict_json.loads(raw, unstorable=True)
        except strict_json.NotStrictJson as error:
            raise ParseError(
                gettext("Send JSON in UTF-8, without repeated members or NaN: the body was refused ({fault}).").format(
                    fault=error
                )
            ) from None


class Body(serializers.Serializer):
    """A JSON object with these members and no others: a misspelt option must not silently do nothing."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": [gettext("Send a JSON object.")]})
        unknown = [str(name)[:100] for name in data if name not in self.fields][:20]
        if unknown:
            known = ", ".join(self.fields) or gettext("none")
            sentence = gettext("Unknown field. Known here: {known}.").format(known=known)
            raise serializers.ValidationError({name: [sentence] for name in unknown})
        return super().to_internal_value(data)


def read(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The members of the request's body. Raises ValidationError, which becomes 400 with errors by field."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
