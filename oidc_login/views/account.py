"""Linked providers on pages: a part of another app's account page, or a page of its own; linking and unlinking."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from fairlead.audit import refusals
from fairlead.conf import conf
from fairlead.people import SignedIn, people
from fairlead.web import seams
from fairlead.web.problem_page import Page
from oidc_login import identities, link_tickets, origins, providers
from oidc_login.errors import LoginRefused
from oidc_login.flow.authorization_request import Parameters, Purpose
from oidc_login.views import answers
from oidc_login.views.identities import shown


def section(request: HttpRequest) -> SafeString | str:
    """The part "linked providers"; nothing where there are neither providers nor links."""
    here = people().signed_in(request)
    listed = providers.available()
    if here is None:
        return ""
    linked = [shown(each) for each in identities.of(here.user)]
    if not listed and not linked:
        return ""
    taken = {each["issuerUrl"] for each in linked}
    context = {"linked": linked, "offered": [each for each in listed if each.issuer not in taken]}
    return render_to_string("oidc_login/account_section.html", context, request=request)


@method_decorator(never_cache, name="dispatch")
class _PersonPage(Page):
    """A page for whoever is signed in here; others are sent to sign in and come back."""

    here: SignedIn

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        here = people().signed_in(request)
        if here is None:
            page = origins.providers_page().partition("#")[0]
            query = urlencode({"redirect": page})
            return HttpResponseRedirect(f"{reverse('oidc_login:login')}?{query}")
        self.here = here
        return super().dispatch(request, *args, **kwargs)


class ProvidersPage(_PersonPage):
    """The section as a page, for a site without an account page that shows it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        for address in seams.account_page:
            return HttpResponseRedirect(f"{address()}#providers")
        return render(request, "oidc_login/providers.html", {"section": section(request)})


class LinkFromPage(_PersonPage):
    """The button that links another provider."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        page = origins.providers_page().partition("#")[0]
        here = conf().origin
        parameters = Parameters(ends_at=here, redirect=page, purpose=Purpose.LINK, user=self.here.user)
        try:
            link_tickets.require_fresh(self.here, now=timezone.now())
            provider = providers.chosen(request.POST.get("provider", ""))
            return answers.to_provider_by_page(request, provider=provider, parameters=parameters)
        except LoginRefused as refused:
            return answers.to_sign_in_page(request, refused, ends_at=here)


class UnlinkFromPage(_PersonPage):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, identity_id: UUID) -> HttpResponse:
        try:
            link_tickets.require_fresh(self.here, now=timezone.now())
            identities.unlink(identity_id, user=self.here.user, request=request)
            messages.success(request, gettext("The provider is no longer linked to your account."), fail_silently=True)
        except LoginRefused as refused:
            refusals.refused_by(refused, request=request, person=self.here.user)
            messages.error(request, gettext(refused.detail), fail_silently=True)
        return HttpResponseRedirect(origins.providers_page())
