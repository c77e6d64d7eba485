"""Signing out at the provider too (OpenID Connect RP-Initiated Logout 1.0), where the provider offers it: a choice.

No ID token is kept for it: the provider is told our client id and where to send the person back, and asks by itself
whether they mean it. Here the session ends first, whatever the provider does then.
"""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from fairlead.conf import conf
from oidc_login import people, providers
from oidc_login.errors import LoginRefused
from oidc_login.flow import provider_client
from oidc_login.providers import ProviderConfig


def choice(request: HttpRequest) -> str:
    """The button among the devices; nothing where the person came in another way or the provider offers no sign-out."""
    provider = _came_through(request)
    if provider is None or not _address(provider):
        return ""
    return render_to_string("oidc_login/sign_out.html", {"provider": provider}, request=request)


@method_decorator(never_cache, name="dispatch")
class SignOutEverywhere(View):
    """Ends the session here, then leads on to the provider."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        provider = _came_through(request)
        address = _address(provider) if provider else ""
        people.sign_out_web(request)
        if provider is None or not address:
            messages.warning(request, "You are signed out here. At the provider you may still be signed in.")
            return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)
        return render(request, "oidc_login/departure.html", {"address": address, "provider": provider})


def _came_through(request: HttpRequest) -> ProviderConfig | None:
    session = people.web_session(request)
    return providers.find(session.provider) if session and session.provider else None


def _address(provider: ProviderConfig) -> str:
    """Where to send the browser; empty where the provider offers no sign-out, or cannot be asked whether it does."""
    try:
        endpoint = provider_client.metadata(provider).end_session_endpoint
    except LoginRefused:
        return ""
    if endpoint is None:
        return ""
    parameters = {"client_id": provider.client_id, "post_logout_redirect_uri": f"{conf().origin}/login"}
    return endpoint + ("&" if urlsplit(endpoint).query else "?") + urlencode(parameters)
