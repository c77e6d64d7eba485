"""What the OpenAPI document says beyond what drf-spectacular finds out by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

_PROBLEM = {"$ref": "#/components/schemas/Problem"}


def problems(**codes: str) -> dict[Any, Any]:
    """Responses by status: `problems(_403="account_pending, account_suspended")`. 400 and 429 are worth naming too."""
    return {
        (int(status[1:]), "application/problem+json"): OpenApiResponse(response=_PROBLEM, description=names)
        for status, names in codes.items()
    }


class AccessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.AccessTokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `access_token` of a sign-in. It lives 15 minutes.",
        }
