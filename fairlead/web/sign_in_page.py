"""`/login`: what every app brings to it, and where it leads. It has no form of its own: `accounts` adds one."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic.base import ContextMixin

from fairlead.audit.refusals import refused
from fairlead.causes import cause
from fairlead.web import seams
from fairlead.web.problem_page import Page
from fairlead.web.redirects import asked_for

_NO_ADMIN = {
    "message": {
        "title": _("This account is no administrator's"),
        "cause": _("The administration is open to administrators only."),
        "remedy": _("Sign in below with an administrator's account, or go to your own account."),
    }
}


@method_decorator(never_cache, name="dispatch")
class SignInPage(ContextMixin, Page):
    """The ways to sign in. Each step of `seams.sign_in_steps` may answer instead, and adds to what is shown:

    `providers`: buttons, dicts with `name` and `initiate_url`; `notice`: a dict with `message` (title, cause, remedy)
    and `error_id`.
    """

    template_name = "fairlead/sign_in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for step in seams.sign_in_steps:
            if answer := step.before(request):
                return answer
        if request.user.is_authenticated and "error" not in request.GET:
            if not _leads_to_admin(self.wanted()) or getattr(request.user, "is_staff", False):
                return HttpResponseRedirect(self.wanted())
            error_id = refused(cause("admin.not_staff"), request=request, person=request.user.pk)
            return self.show(status=403, notice={**_NO_ADMIN, "error_id": error_id})
        return self.show()

    def wanted(self) -> str:
        """Where to go afterwards: a path of this site, or LOGIN_REDIRECT_URL."""
        return asked_for(self.request) or resolve_url(settings.LOGIN_REDIRECT_URL)

    def show(self, *, status: int = 200, **more: Any) -> HttpResponse:
        return render(self.request, self.template_name, {**self.get_context_data(), **more}, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = {"redirect": self.wanted(), "providers": [], **kwargs}
        for step in seams.sign_in_steps:
            brought = step.context(self.request)
            context |= {**brought, "providers": [*context["providers"], *brought.get("providers", [])]}
        return super().get_context_data(**context)


def _leads_to_admin(path: str) -> bool:
    try:
        return "admin" in resolve(urlsplit(path).path).app_names
    except Resolver404:
        return False
