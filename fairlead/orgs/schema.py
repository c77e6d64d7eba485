"""What the calls of the organization API have in common in the OpenAPI document: who calls, lists, identifiers."""

from typing import Any

from drf_spectacular.drainage import get_override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from fairlead.web.openapi import ACCESS_TOKEN_CODES
from fairlead.web.pagination import DEFAULT, MOST

# What a call is refused with before it is looked at: no credential that counts, or no organization of the caller's.
READ = ("organization_required", *ACCESS_TOKEN_CODES, "api_key_invalid", "not_found")
# `in_use`: also where two calls at once meet at a constraint.
WRITE = (*READ, "forbidden", "in_use")
ORGANIZATION = OpenApiParameter(
    name="X-Organization-Id",
    type={"type": "string", "format": "uuid"},
    location=OpenApiParameter.HEADER,
    required=False,
    description="For a person who belongs to several organizations: the one that is meant.",
)
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


def page(shape: type[serializers.Serializer]) -> serializers.Serializer:
    """The answer of a list whose rows are of this shape, which has a component name."""
    return inline_serializer(
        f"{get_override(shape, 'component_name')}Page",
        fields={
            "results": shape(many=True),
            "next": serializers.URLField(allow_null=True, help_text="Address of the next page; null on the last."),
            "previous": serializers.URLField(
                allow_null=True, help_text="Address of the page before; null on the first."
            ),
        },
    )


def page_of(row: Any) -> dict[str, Any]:
    """An example of such a list."""
    return {"results": [row], "next": None, "previous": None}


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
