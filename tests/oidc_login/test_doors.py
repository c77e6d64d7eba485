"""config, initiate and the exchange as doors: shapes, limits, what is refused."""

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from oidc_login.models import AuthorizationRequest, Provider
from tests.configure import configure


@pytest.mark.django_db
def test_config_without_a_provider():
    assert Client().get("/api/auth/oidc/config").json() == {
        "enabled": False,
        "providerName": None,
        "issuerUrl": None,
        "clientId": None,
        "disableInternalAuth": False,
        "providers": [],
    }


def test_config_names_the_default_provider_first(browser, settings):
    Provider.objects.create(slug="z", name="Second", issuer="https://z.example.org", client_id="z", order=1)
    Provider.objects.create(slug="off", name="Off", issuer="https://off.example.org", client_id="o", enabled=False)
    configure(settings, OIDC_MOBILE_CLIENT_IDS=("ios",))
    body = browser.client.get("/api/auth/oidc/config").json()
    assert body["providerName"] == "Scripted"
    assert body["issuerUrl"] == browser.provider.issuer
    assert [each["slug"] for each in body["providers"]] == ["default", "z"]
    assert body["providers"][0] == {
        "slug": "default",
        "name": "Scripted",
        "issuerUrl": browser.provider.issuer,
        "clientId": "fairlead",
        "mobileClientIds": ["ios"],
        "initiateUrl": "http://testserver/api/auth/oidc/initiate?provider=default",
    }


def test_without_the_environment_the_lowest_order_is_the_default(browser, settings):
    configure(settings, OIDC_ENABLED=False)
    for slug, order in (("b", 20), ("a", 10)):
        Provider.objects.create(slug=slug, name=slug, issuer=f"https://{slug}.example.org", client_id=slug, order=order)
    assert browser.client.get("/api/auth/oidc/config").json()["providerName"] == "a"


def test_disabled_internal_sign_in_is_shown_only_while_it_takes_effect(browser, settings):
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    assert browser.client.get("/api/auth/oidc/config").json()["disableInternalAuth"] is True
    configure(settings, OIDC_ENABLED=False)
    assert browser.client.get("/api/auth/oidc/config").json()["disableInternalAuth"] is False


REDIRECTS = [
    ("/", 302),
    ("/reports?a=1&b=2#part", 302),
    ("http://testserver/reports", 302),
    ("http://testserver", 302),
    ("//evil.example", 400),
    ("/\\evil.example", 400),
    ("/%5cevil.example", 400),
    ("/%2fevil.example", 400),
    ("/%252fevil.example", 400),
    ("\t//evil.example", 400),
    ("/\t/evil.example", 400),
    ("https://evil.example", 400),
    ("http://testserver@evil.example", 400),
    ("http://testserver.evil.example", 400),
    ("http://testserver:80@evil.example/", 400),
    ("http://testserver:8000/", 400),
    ("http://testserver//evil.example", 400),
    ("http:testserver", 400),
    ("javascript:alert(1)", 400),
    ("data:text/html,x", 400),
    ("reports", 400),
    ("/\x00", 400),
    ("/" + "x" * 5000, 400),
    ("http://testserver\\@evil.example", 400),
]


@pytest.mark.parametrize(("redirect", "status"), REDIRECTS)
def test_redirect_is_judged_as_a_browser_reads_it(browser, redirect, status):
    response = browser.client.get("/api/auth/oidc/initiate", {"redirect": redirect})
    assert response.status_code == status
    if status == 400:
        assert response.json()["code"] == "invalid_redirect"
        assert not AuthorizationRequest.objects.exists()


def test_redirect_to_the_front_end_is_allowed(browser, settings):
    configure(settings, FRONTEND_URLS=["https://app.example.org"])
    assert browser.client.get("/api/auth/oidc/initiate", {"redirect": "https://app.example.org/x"}).status_code == 302
    assert (
        browser.client.get("/api/auth/oidc/initiate", {"redirect": "https://app.example.org.evil"}).status_code == 400
    )


@pytest.mark.parametrize(
    "query",
    [
        {"code_challenge": "short"},
        {"code_challenge": ""},
        {"code_challenge": "+" * 43},
        {"code_challenge": "a" * 44},
        {"code_challenge": "a" * 43, "code_challenge_method": "plain"},
        {"provider": ["default", "default"]},
        {"redirect": ["/a", "/b"]},
    ],
)
def test_bad_parameters_are_refused(browser, query):
    response = browser.client.get("/api/auth/oidc/initiate", query)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")


def test_unknown_and_disabled_providers_are_not_found(browser):
    Provider.objects.create(slug="off", name="Off", issuer="https://off.example.org", client_id="o", enabled=False)
    for slug in ("nope", "off", "\x00", "x" * 500):
        response = browser.client.get("/api/auth/oidc/initiate", {"provider": slug})
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.django_db
def test_initiate_without_any_provider():
    response = Client().get("/api/auth/oidc/initiate")
    assert (response.status_code, response.json()["code"]) == (400, "oidc_not_enabled")


@pytest.mark.parametrize("path", ["initiate", "callback", "config"])
def test_get_doors_refuse_other_methods(browser, path):
    response = browser.client.post(f"/api/auth/oidc/{path}", {}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("path", ["exchange", "link"])
@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{}", "application/json", 400, "invalid_request"),
        (b"", "application/json", 400, "invalid_request"),
        (b"[]", "application/json", 400, "invalid_request"),
        (b"{", "application/json", 400, "invalid_request"),
        (b'{"code": 1, "link_code": {}, "password": []}', "application/json", 400, "invalid_request"),
        (b'{"code": "\\u0000", "link_code": "\\u0000", "password": "x"}', "application/json", 400, "invalid_request"),
        (b'{"code": "\\ud800", "link_code": "\\ud800", "password": "x"}', "application/json", 400, "invalid_request"),
        (b'{"code": "a", "code": "b"}', "application/json", 400, "invalid_request"),
        (b"[" * 60_000, "application/json", 400, "invalid_request"),
        (b" " * 70_000, "application/json", 413, "body_too_large"),
        (b"code=a", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"a", "text/plain", 415, "unsupported_media_type"),
    ],
)
def test_json_doors_refuse_what_is_not_their_json(browser, path, body, content_type, status, code):
    response = browser.client.generic("POST", f"/api/auth/oidc/{path}", body, content_type=content_type)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("path", "limit"), [("exchange", 30), ("link", 30), ("initiate", 30)])
def test_doors_are_rate_limited_per_network(browser, settings, path, limit):
    configure(settings, RATE_LIMITS=True, RATE_LIMIT_EXCHANGE="30/60", RATE_LIMIT_INITIATE="30/60")
    call = browser.client.get if path == "initiate" else browser.client.post
    # The clock stands still: a window that ends meanwhile would let more through.
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        answers = [call(f"/api/auth/oidc/{path}", REMOTE_ADDR="192.0.2.9") for _ in range(limit + 1)]
    assert [each.status_code for each in answers].count(429) == 1
    assert answers[-1].json()["code"] == "throttled"
    assert int(answers[-1]["Retry-After"]) >= 1
    assert call(f"/api/auth/oidc/{path}", REMOTE_ADDR="192.0.2.10").status_code != 429


def test_password_sign_in_works_with_a_broken_provider(settings, browser):
    User.objects.create_user("local@example.org", "a long enough password")
    configure(settings, OIDC_ISSUER_URL="https://{tenant}.example.org")
    body = {"email": "local@example.org", "password": "a long enough password"}
    assert Client().post("/api/auth/login", body, content_type="application/json").status_code == 200
    configure(settings, OIDC_ISSUER_URL="http://127.0.0.1:1")
    assert Client().post("/api/auth/login", body, content_type="application/json").status_code == 200
