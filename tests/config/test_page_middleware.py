"""What each kind of answer carries, and that a call for a program pays for no page."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import get_resolver

from fairlead.web import api_paths
from fairlead.web.api_paths import is_for_programs
from fairlead.web.views import Api

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# Method, path, what is asked for; status; whether it is a page.
ANSWERS = [
    ("GET", "/login", "text/html", 200, True),
    ("GET", "/problems", "text/html", 200, True),
    ("GET", "/nowhere", "text/html", 404, True),
    ("GET", "/nowhere", "*/*", 404, False),
    ("GET", "/account", "text/html", 302, True),
    ("GET", "/api/docs", "text/html", 200, True),
    ("GET", "/admin/login/", "text/html", 302, True),
    ("POST", "/login", "text/html", 403, True),
    ("GET", "/app/me", "*/*", 401, False),
    ("GET", "/app/nonsense", "*/*", 404, False),
    ("GET", "/org/userPool", "*/*", 401, False),
    ("GET", "/api/auth/me", "*/*", 401, False),
    ("GET", "/api/auth/oidc/config", "*/*", 200, False),
    ("GET", "/api/auth/oidc/config", "text/html", 200, False),
    ("POST", "/api/auth/login", "*/*", 400, False),
    ("PUT", "/api/auth/login", "*/*", 405, False),
    ("POST", "/api/auth/oidc/exchange", "*/*", 400, False),
]


@pytest.mark.parametrize(("method", "path", "accept", "status", "page"), ANSWERS)
def test_headers_of_each_kind_of_answer(settings, method, path, accept, status, page):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    client = Client(enforce_csrf_checks=True)
    answer = client.generic(method, path, secure=True, headers={"Accept": accept, "Origin": "https://testserver"})
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert len(answer["X-Request-Id"]) == 32
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    if page:
        directives = answer["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(directives)
    else:
        assert answer["Content-Security-Policy"] == NO_PAGE
        assert "json" in answer["Content-Type"]
    if status != 302:
        assert int(answer["Content-Length"]) == len(answer.content)


def test_an_api_call_has_no_session_and_a_page_has(client):
    for path in ("/api/auth/me", "/app/me", "/org/userPool", "/api/auth/login"):
        request = client.get(path).wsgi_request
        assert not hasattr(request, "session")
        assert not list(get_messages(request))
    for path in ("/login", "/api/auth/oidc/initiate", "/api/auth/oidc/callback", "/admin/login/", "/nowhere"):
        assert client.get(path).wsgi_request.session is not None


def test_a_programs_call_with_a_browsers_cookie_is_nobodys(client, django_user_model):
    django_user_model.objects.create_user("person@example.org", "a long enough password", verified_by="link")
    client.post("/login", {"email": "person@example.org", "password": "a long enough password"})
    assert client.get("/account").status_code == 200
    for path in ("/api/auth/me", "/api/auth/sessions", "/org/userPool", "/app/me"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def routes():
    return list(api_paths._routes(get_resolver(), "/"))


def test_no_page_and_no_view_that_reads_a_session_is_for_programs():
    found = [route for route in routes() if not route.is_for_programs and is_for_programs(route.path)]
    assert found == []
    assert {"/login", "/admin/login/", "/api/auth/oidc/callback"} <= {route.path for route in routes()}


def test_every_call_for_programs_is_found_as_one():
    ours = [route for route in routes() if route.is_for_programs]
    assert [route.path for route in ours if not is_for_programs(route.path)] == []
    assert len(ours) > 25


@pytest.mark.parametrize(
    "path", ["/api/auth/login/", "/api/auth", "/org/userPoolX", "/", "", "/api/auth/oidc/callbackx"]
)
def test_what_is_beside_a_call_is_served_as_a_page(path):
    assert not is_for_programs(path)


def test_a_route_that_a_page_shares_is_served_as_a_page():
    class Program(Api):
        pass

    from django.http import HttpResponse
    from django.urls import path
    from django.urls.resolvers import RegexPattern, URLResolver

    def page(request):
        return HttpResponse()

    patterns = [
        path("thing/<int:pk>", Program.as_view()),
        path("thing/new", page),
        path("both", Program.as_view()),
        path("both", page),
        path("other/<int:pk>", Program.as_view()),
    ]
    whole, beginnings = api_paths._for_programs(URLResolver(RegexPattern(r"^/"), patterns))
    assert (whole, beginnings) == (frozenset(), ("/other/",))
