"""Signing out here and at the provider: a choice beside the plain sign-out."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from fairlead.people import people
from fairlead.web.problem_page import Page
from oidc_login import origins
from oidc_login.flow import logout


def choice(request: HttpRequest) -> str:
    """The button among the devices; nothing where the person came in another way or the provider offers no sign-out."""
    provider = logout.came_through(request)
    if provider is None or not logout.end_session_url(provider):
        return ""
    return render_to_string("oidc_login/sign_out.html", {"provider": provider}, request=request)


@method_decorator(never_cache, name="dispatch")
class SignOutAtProvider(Page):
    """Ends the session here first, whatever the provider does then; leads on to it."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        provider = logout.came_through(request)
        address = logout.end_session_url(provider) if provider else ""
        people().sign_out(request)
        if not address:
            text = gettext("You are signed out here. At the provider you may still be signed in.")
            messages.warning(request, text, fail_silently=True)
            target = settings.LOGOUT_REDIRECT_URL
            return HttpResponseRedirect(resolve_url(target) if target else origins.landing("/"))
        return render(request, "oidc_login/to_provider.html", {"address": address, "provider": provider})
