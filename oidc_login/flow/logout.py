"""Signing out at the provider too (OpenID Connect RP-Initiated Logout 1.0), where the provider offers it.

No ID token is kept for it: the provider is told our client id and where to send the person back, and asks by itself
whether they mean it.
"""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest

from fairlead.conf import conf
from fairlead.people import people
from oidc_login import origins, providers
from oidc_login.errors import LoginRefused
from oidc_login.flow import provider_client
from oidc_login.providers import ProviderConfig


def came_through(request: HttpRequest) -> ProviderConfig | None:
    """The provider through which this browser is signed in."""
    here = people().signed_in(request)
    return providers.by_id(here.provider) if here and here.provider else None


def end_session_url(provider: ProviderConfig) -> str:
    """Where to send the browser; empty where the provider offers no sign-out, or cannot be asked whether it does."""
    try:
        endpoint = provider_client.metadata(provider).end_session_endpoint
    except LoginRefused:
        return ""
    if endpoint is None:
        return ""
    query = {"client_id": provider.client_id, "post_logout_redirect_uri": origins.sign_in_page(conf().origin)}
    return endpoint + ("&" if urlsplit(endpoint).query else "?") + urlencode(query)
