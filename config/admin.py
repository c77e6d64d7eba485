"""The admin site: Django's own, with the site's sign-in in front of it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.pages.sign_in import SignOut
from fairlead.conf import conf
from fairlead.web.redirects import safe_path


class _NamedByOrganization(AutocompleteJsonView):
    """Two organizations may call their pools the same."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        found: dict[str, str] = super().serialize_result(obj, to_field_name)
        of = getattr(obj, "organization", None)
        return {**found, "text": f"{obj} ({of})"} if of is not None else found


class FairleadAdminSite(admin.AdminSite):
    """People sign in on /login, password or provider alike: one door, one set of throttles and policies."""

    index_title = _("Administration")
    site_url = reverse_lazy("accounts:account")  # type: ignore[assignment]  # Django prints it

    @property
    def site_header(self) -> str:  # type: ignore[override]  # Django reads it for each page
        return conf().site_name

    site_title = site_header

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from config import admin_find

        return [path("find/", self.admin_view(admin_find.find), name="find"), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from config import admin_index

        shown = {"jobs": admin_index.jobs(request), "chart": admin_index.chart(request)}
        return super().index(request, {**shown, **(extra_context or {})})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        return _NamedByOrganization.as_view(admin_site=self)(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        wanted = safe_path(request.GET.get("next")) or reverse("admin:index")
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(wanted)
        return redirect_to_login(wanted, login_url=reverse("accounts:login"), redirect_field_name="redirect")

    def logout(  # type: ignore[override]  # Django answers with a redirect here too
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return SignOut.as_view()(request)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('accounts:account')}#password")
