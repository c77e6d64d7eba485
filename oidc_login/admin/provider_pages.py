"""Two pages of the administration beside a provider's form: its test, and the beginning of a dry sign-in."""

import time
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext

from fairlead.conf import Rate, conf
from fairlead.idtokens import outbound, waiting
from fairlead.web import rate_limits
from fairlead.web.health.findings import Verdict
from oidc_login import providers
from oidc_login.diagnostics import provider_test
from oidc_login.errors import LoginRefused
from oidc_login.flow.authorization_request import Parameters, Purpose, callback_url
from oidc_login.flow.dry_run import administrator_here
from oidc_login.providers import ProviderConfig
from oidc_login.views.answers import to_provider_by_page

_TRIED = Rate("30/60")


def urls() -> list[URLPattern]:
    """To stand before the paths of the model's own admin, which would take `try` for a primary key."""
    return [
        path("try/<slug:slug>/", admin.site.admin_view(test), name="oidc_login_provider_test"),
        path("try/<slug:slug>/sign-in/", admin.site.admin_view(begin), name="oidc_login_provider_dry_run"),
    ]


def test(request: HttpRequest, slug: str) -> HttpResponse:
    """GET offers the test, POST runs it: it makes calls to the provider."""
    provider = _permitted(request, slug)
    if request.method != "POST":
        return _page(request, provider)
    try:
        _count(request)
    except rate_limits.RateLimited as refused:
        return _page(request, provider, status=429, refused=gettext(refused.detail))
    try:
        with waiting.outside.place(f"provider:{provider.id}"):
            findings = provider_test.look(provider, fetcher=outbound.providers(), clock=time.time)
    except waiting.Busy as busy:
        return _page(request, provider, status=503, refused=gettext(busy.detail))
    failed = sum(each.verdict is Verdict.PROBLEM for each in findings)
    warned = sum(each.verdict is Verdict.WARNING for each in findings)
    return _page(request, provider, findings=findings, failed=failed, warned=warned)


def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """POST sends the administrator to the provider. They come back to the callback, which ends on the report."""
    provider = _permitted(request, slug)
    if request.method != "POST":
        return _page(request, provider)
    try:
        _count(request)
        parameters = Parameters(ends_at=conf().origin, purpose=Purpose.DRY_RUN, user=administrator_here(request))
        return to_provider_by_page(request, provider=provider, parameters=parameters)
    except LoginRefused as refused:
        return _page(request, provider, status=502, refused=f"{gettext(refused.detail)} {refused.cause.operator}")
    except rate_limits.RateLimited as limited:
        return _page(request, provider, status=429, refused=gettext(limited.detail))


def _permitted(request: HttpRequest, slug: str) -> ProviderConfig:
    if administrator_here(request) is None:
        raise PermissionDenied
    provider = providers.configured(slug)
    if provider is None:
        raise Http404
    return provider


def _count(request: HttpRequest) -> None:
    rate_limits.hit("provider-test", str(request.user.pk), _TRIED)


def _page(request: HttpRequest, provider: ProviderConfig, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": gettext("Try out {name}").format(name=provider.name),
        "provider": provider,
        "callback_url": callback_url(),
        **more,
    }
    response = render(request, "oidc_login/admin/test.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
