"""Which claims the provider tells, in the ID token and at userinfo alike."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from oauth2_provider.oauth2_validators import OAuth2Validator

from demo.provider.clients import MOBILE_BARE


class DemoValidator(OAuth2Validator):
    def get_additional_claims(self) -> dict[str, Callable[[Any], Any]]:
        # Without a request parameter the toolkit reads the claims once and names them in its metadata.
        return {
            "email": lambda request: request.user.email,
            "email_verified": lambda request: request.user.email_verified,
            "name": lambda request: request.user.name,
            "picture": _picture,
        }

    def get_oidc_claims(self, token: Any, token_handler: Any, request: Any) -> dict[str, Any]:
        claims = super().get_oidc_claims(token, token_handler, request)
        return {name: value for name, value in claims.items() if value is not None}

    def finalize_id_token(self, id_token: Any, token: Any, token_handler: Any, request: Any) -> Any:
        if request.client.client_id == MOBILE_BARE:
            id_token.pop("at_hash", None)
        return super().finalize_id_token(id_token, token, token_handler, request)


def _picture(request: Any) -> str | None:
    return f"{settings.ORIGIN}/pictures/{request.user.pk}.png" if request.user.has_picture else None
