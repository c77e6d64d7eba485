"""What the OpenAPI document says about the organization API beyond what drf-spectacular finds out by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from fairlead.web.pagination import DEFAULT, MOST

PROBLEM = "application/problem+json"
_CODES = {
    401: ["not_authenticated", "api_key_invalid", "expired", "revoked", "bad_signature", "malformed"],
    403: ["forbidden"],
    404: ["not_found"],
    405: ["method_not_allowed"],
}
ORGANIZATION = OpenApiParameter(
    name="X-Organization-Id",
    type={"type": "string", "format": "uuid"},
    location=OpenApiParameter.HEADER,
    required=False,
    description="For a person who belongs to several organizations: the one that is meant.",
)


def problems(*, body: bool = False, **codes: str) -> dict[Any, OpenApiResponse]:
    """The refusals of a call of the organization API, by status: `problems(_409="in_use")` adds to those of all."""
    found = {status: list(names) for status, names in _CODES.items()}
    found[400] = ["invalid_request", "organization_required"]
    if body:
        found[413], found[415] = ["body_too_large"], ["unsupported_media_type"]
    for status, names in codes.items():
        found.setdefault(int(status[1:]), []).extend(names.split())
    return refusals(dict(sorted(found.items())))


def refusals(codes: dict[int, list[str]]) -> dict[Any, OpenApiResponse]:
    return {
        (status, PROBLEM): OpenApiResponse(
            response={
                "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {"type": "object", "properties": {"code": {"type": "string", "enum": names}}},
                ]
            },
            description=", ".join(names),
        )
        for status, names in codes.items()
    }


def page(component: str) -> dict[str, Any]:
    """The answer of a list whose rows are `component`."""
    link = {"type": "string", "format": "uri", "nullable": True}
    return {
        "type": "object",
        "required": ["results", "next", "previous"],
        "properties": {
            "results": {"type": "array", "items": {"$ref": f"#/components/schemas/{component}"}},
            "next": {**link, "description": "Address of the next page; null on the last."},
            "previous": {**link, "description": "Address of the page before; null on the first."},
        },
    }


PAGING = [
    OpenApiParameter(
        name="limit",
        type={"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT},
        location=OpenApiParameter.QUERY,
        description="Rows of a page.",
    ),
    OpenApiParameter(
        name="cursor",
        type={"type": "string", "maxLength": 200},
        location=OpenApiParameter.QUERY,
        description="Opaque; from `next` or `previous` of another page.",
    ),
]


def identifier(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(
        name=name,
        type={"type": "string", "format": "uuid"},
        location=OpenApiParameter.PATH,
        required=True,
        description=description,
    )


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "fairlead.orgs.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "An organization's API key, `flk_...`."}


class MemberScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "fairlead.orgs.authentication.MemberAuthentication"
    name = "memberAccessToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of a person who is a member of the organization.",
        }


class ClosedBody(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    target_class = "fairlead.web.bodies.Body"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        found: dict[str, Any] = auto_schema._map_serializer(  # type: ignore[no-untyped-call]
            self.target, direction, bypass_extensions=True
        )
        # A docstring that is inherited tells about the base class, not about this body.
        if not vars(type(self.target)).get("__doc__"):
            found.pop("description", None)
        return {**found, "additionalProperties": False}
