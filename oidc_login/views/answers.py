"""The redirects in which a step of a sign-in ends: to the provider, or to the sign-in page with a refusal."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from fairlead.audit import refusals
from oidc_login import origins
from oidc_login.diagnostics import named
from oidc_login.errors import LinkConfirmation, LoginRefused
from oidc_login.flow import authorization_request, browser_binding, provider_client
from oidc_login.flow.authorization_request import Parameters
from oidc_login.providers import ProviderConfig


def to_provider(request: HttpRequest, *, provider: ProviderConfig, parameters: Parameters) -> HttpResponse:
    """Send the browser to the provider with an authorization request. Raises LoginRefused where that cannot be."""
    browser = browser_binding.ensure(request)
    metadata = provider_client.metadata(provider)
    address = authorization_request.begin(provider, metadata=metadata, browser=browser, parameters=parameters)
    response = HttpResponseRedirect(address)
    browser_binding.set_cookie(response, browser)
    response["Cache-Control"] = "no-store"
    return response


def to_provider_by_page(request: HttpRequest, *, provider: ProviderConfig, parameters: Parameters) -> HttpResponse:
    """The same for a form of our own pages. Browsers hold the redirect of a form to our policy for forms, which allows
    this site alone; so a page leads on, by itself and with a link."""
    redirect = to_provider(request, provider=provider, parameters=parameters)
    context = {"address": redirect["Location"], "provider": provider}
    response = render(request, "oidc_login/to_provider.html", context)
    response.cookies = redirect.cookies
    response["Cache-Control"] = "no-store"
    return response


def to_sign_in_page(request: HttpRequest, refused: LoginRefused, *, ends_at: str, provider: str = "") -> HttpResponse:
    """Tell the person on the sign-in page where this one ends; the record says why."""
    refused.cause = named.noted(refused.cause, provider_id=provider or refused.provider)
    error_id = refusals.refused_by(refused, request=request, provider=provider)
    query = {"error": str(refused.code), "error_id": error_id}
    if refused.missing:
        query["missing"] = ",".join(refused.missing)
    if isinstance(refused, LinkConfirmation):
        query["link_code"] = refused.link_code
    return with_query(origins.sign_in_page(ends_at), query)


def with_query(address: str, query: dict[str, str]) -> HttpResponse:
    """302, never cached: the address holds what is good once."""
    response = HttpResponseRedirect(f"{address}?{urlencode(query)}")
    response["Cache-Control"] = "no-store"
    return response
