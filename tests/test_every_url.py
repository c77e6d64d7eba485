"""Every URL of the site, asked for by anybody, a person, and staff who may only look: no fault anywhere."""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.models import User
from tests import compared

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
_VALUES = {
    "uuid": str(uuid.UUID(int=1)),
    "int": "1",
    "slug": "default",
    "path": "x",
    "str": "x",
}


def _urls(resolver=None, before: str = "") -> Iterator[str]:
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from _urls(each, route)


def _address(route: str) -> str:
    """The route with something in each of its places; a regular expression is left out but for its plain beginning."""
    if "(?P" in route:
        return "/" + re.sub(r"\(\?P<\w+>[^)]*\)", "a" * 24, route.replace("^", "").replace("\\", "").rstrip("$"))
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: _VALUES[found[1] or "str"], route)


def _visitors() -> dict[str, Client]:
    person = User.objects.create_user("person@example.org", PASSWORD, verified_by="link")
    looker = User.objects.create_user("looker@example.org", PASSWORD, verified_by="link", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    browsers = {"anybody": Client(raise_request_exception=False)}
    for user in (person, looker):
        browsers[user.email] = Client(raise_request_exception=False)
        form = {"email": user.email, "password": PASSWORD}
        assert browsers[user.email].post("/login", form).status_code == 302
    return browsers


@pytest.mark.parametrize("method", ["get", "options"])
def test_no_url_is_a_fault(method, monkeypatch):
    # Addresses of our own making, not calls of the document.
    monkeypatch.setattr(Client, "request", compared._ask)
    addresses = sorted({_address(route) for route in _urls()})
    assert len(addresses) > 100
    faults = []
    for name, browser in _visitors().items():
        for address in addresses:
            if address.rstrip("/").endswith("logout"):
                continue
            more = {"origin": "https://app.example.org", "access-control-request-method": "GET"}
            answer = getattr(browser, method)(address, headers=more if method == "options" else {"accept": "text/html"})
            if answer.status_code >= 500:
                faults.append((name, address, answer.status_code))
    assert not faults


@pytest.mark.parametrize("forwarded", ["fe80::1%" + "x" * 5000, "fe80::1%25eth0", "[::1%eth0]:80"])
def test_a_scope_of_any_length_is_no_fault(forwarded, settings):
    settings.FAIRLEAD = {**settings.FAIRLEAD, "TRUSTED_PROXIES": 1}
    body = {"email": "a@example.org", "password": "x"}
    answer = Client().post(
        "/api/auth/login", body, content_type="application/json", headers={"x-forwarded-for": forwarded}
    )
    assert answer.status_code == 401


def test_a_preflight_lets_nobody_through():
    headers = {"origin": "https://app.example.org", "access-control-request-method": "GET"}
    answer = Client().options(f"/app/authorize/{uuid.UUID(int=1)}", headers=headers)
    assert answer.status_code == 401


def test_nobody_who_navigates_sees_json_or_an_empty_page(monkeypatch):
    """What is shown for a program alone is told in words; what takes a form alone, too."""
    monkeypatch.setattr(Client, "request", compared._ask)
    found = []
    shown = {"/api/schema", "/livez", "/readyz"}  # meant as they are
    for name, browser in _visitors().items():
        for address in sorted({_address(route) for route in _urls()}):
            if address.rstrip("/").endswith("logout") and name != "anybody":
                continue
            answer = browser.get(address, headers={"accept": "*/*", "sec-fetch-mode": "navigate"})
            refused = answer.status_code >= 400
            if refused and address not in shown and b"<h1" not in answer.content:
                found.append((name, address, answer.status_code, answer.get("Content-Type")))
    assert not found


def test_a_program_gets_a_problem_document_whatever_it_accepts(client):
    for accepted in ("*/*", "application/json", "application/json, text/html", ""):
        for mode in ("cors", "no-cors", "same-origin"):
            answer = client.get("/api/auth/me", headers={"accept": accepted, "sec-fetch-mode": mode})
            assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert client.get("/api/auth/me", headers={"accept": "*/*"})["Content-Type"] == "application/problem+json"
