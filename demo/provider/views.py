"""The provider's pages: choosing who you are, and who you are now. No password is needed to click on a demo person."""

import secrets
from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from oauth2_provider.views import AuthorizationView

from demo.people import AT_THE_PROVIDER, PROVIDER_PASSWORD
from demo.provider.models import Person

_CHOSEN = "chosen"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class ChoosingAuthorizationView(AuthorizationView):
    """Asks who you are at each sign-in, as providers with an account chooser do: trying several people stays easy.

    `prompt=none` goes on with the session as it is.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("prompt") == "none" or request.session.pop(_CHOSEN, False)
        if request.method == "GET" and request.user.is_authenticated and not asked:
            return HttpResponseRedirect("/login?" + urlencode({"next": request.get_full_path()}))
        return super().dispatch(request, *args, **kwargs)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "demo_provider/home.html")


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return HttpResponseRedirect("/")


@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    wrong = False
    if request.method == "POST":
        person = _chosen(request)
        if person is not None:
            auth.login(request, person, backend=_BACKEND)
            request.session[_CHOSEN] = True
            return HttpResponseRedirect(target)
        wrong = True
    listed = {each.email: each for each in AT_THE_PROVIDER}
    context = {
        "next": target,
        "people": [
            {"person": person, "what_happens": listed[person.email].what_happens if person.email in listed else ""}
            for person in Person.objects.filter(email__in=listed)
        ],
        "wrong": wrong,
        "password": PROVIDER_PASSWORD,
    }
    return render(request, "demo_provider/login.html", context, status=401 if wrong else 200)


def _chosen(request: HttpRequest) -> Person | None:
    """The person clicked on, somebody new, or whoever e-mail address and password belong to."""
    form = request.POST
    if "person" in form:
        return Person.objects.filter(email=form["person"]).first()
    if "new" in form:
        email = form.get("email", "").strip() or f"new-{secrets.token_hex(4)}@example.org"
        # Nobody turns into a listed person by naming the same address with another flag.
        if Person.objects.filter(email=email).exists():
            return None
        return Person.objects.remember(
            email=email, name=form.get("name", "").strip() or "New Person", email_verified="verified" in form
        )
    found = auth.authenticate(request, username=form.get("email", ""), password=form.get("password", ""))
    return found if isinstance(found, Person) else None
