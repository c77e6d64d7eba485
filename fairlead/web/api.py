"""What every API view starts from: a denying default, one renderer, one strict parser."""

import json
from typing import TYPE_CHECKING, Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from fairlead.web.problems import BodyTooLarge

if TYPE_CHECKING:
    # DRF imports this module while it builds rest_framework.views.
    from rest_framework.views import APIView

MAX_BODY = 64 * 1024


class Deny(BasePermission):
    """The permission of a view that names none."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class OneRenderer(BaseContentNegotiation):
    """The view's parser by media type; its first renderer whatever the caller accepts."""

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> BaseParser | None:  # type: ignore[override]
        content_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str | None]:
        return renderers[0], renderers[0].media_type


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 means it: UTF-8, no NaN, no repeated member, bounded in bytes and depth.

    A repeated member is refused because two readers of one body may see two different requests.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            length = int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
            if length > MAX_BODY:
                raise BodyTooLarge
            raw = stream.read(MAX_BODY + 1)
            if len(raw) > MAX_BODY:
                raise BodyTooLarge
            return json.loads(raw.decode("utf-8"), object_pairs_hook=_members, parse_constant=_constant)
        except RequestDataTooBig:
            raise BodyTooLarge from None
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not JSON that we accept: UTF-8, no repeated members, no NaN.") from error


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("repeated member")
    return members


def _constant(name: str) -> NoReturn:
    raise ValueError(name)
