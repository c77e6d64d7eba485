"""What a provider says of an access token that only it can read (RFC 7662)."""

from collections.abc import Mapping
from typing import Any

from fairlead.idtokens.discovery import ProviderMetadata
from oidc_login.flow import provider_client
from oidc_login.providers import ProviderConfig


def introspect(
    access_token: str, *, url: str, provider: ProviderConfig, metadata: ProviderMetadata
) -> Mapping[str, Any]:
    """What the provider says of an opaque access token (RFC 7662)."""
    form = {"token": access_token, "token_type_hint": "access_token"}
    answer = provider_client.authenticated_post(
        url, form, provider=provider, metadata=metadata, endpoint="introspection"
    )
    return provider_client.json_object(answer, "introspection")
