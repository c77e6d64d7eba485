"""Examples of answers, and the access token as a security scheme."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

USER = {
    "id": "6a1f6c1e-5b0d-4a54-8c36-0f6e2b1d9c10",
    "email": "person@example.org",
    "emailVerified": True,
    "name": "Person One",
    "profileImage": None,
    "isAdmin": False,
    "status": "active",
    "hasPassword": True,
    "organizations": [
        {"id": "0b8ad0e4-43f4-4b1c-8f5f-5d7c1c0f6d11", "slug": "acme", "name": "Acme", "role": "member"},
    ],
    "createdAt": "2030-01-01T12:00:00Z",
    "updatedAt": "2030-01-01T12:00:00Z",
}
TOKENS = {"access_token": "eyJ…", "refresh_token": "flr_…"}
SESSION = {
    "id": "0d3c2c1b-7a43-4e0f-9d0c-2f6c5b8a7e21",
    "kind": "web",
    "device": "Firefox on Linux",
    "method": "password",
    "provider": "",
    "startedAt": "2030-01-01T12:00:00Z",
    "lastSeenAt": "2030-01-02T08:30:00Z",
    "expiresAt": "2030-01-15T12:00:00Z",
    "current": True,
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
