"""Behind a TLS proxy that nobody told us to believe there is a page, not a redirect to itself."""

import logging

import pytest
from django.test import Client

from tests.configure import configure

BY_PROXY = {"X-Forwarded-Proto": "https", "Host": "login.example.org"}


@pytest.fixture
def behind_tls(settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "login.example.org"
    settings.ALLOWED_HOSTS = ["login.example.org"]
    configure(settings, ORIGIN="https://login.example.org", TRUSTED_PROXIES=0)
    return settings


def test_page_names_the_setting_instead_of_redirecting_to_itself(behind_tls, caplog):
    with caplog.at_level(logging.ERROR):
        page = Client().get("/login", headers={**BY_PROXY, "Accept": "text/html"})
    assert page.status_code == 503
    assert b"TRUSTED_PROXIES" in page.content
    assert page["Content-Security-Policy"]
    assert "TRUSTED_PROXIES" in caplog.text


def test_program_gets_a_problem_document(behind_tls):
    answer = Client().post("/api/auth/login", {}, content_type="application/json", headers=BY_PROXY)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "TRUSTED_PROXIES" in answer.json()["detail"]
    assert answer["Retry-After"] == "60"


def test_plain_http_is_still_sent_to_https(behind_tls):
    answer = Client().get("/login", headers={"Host": "login.example.org"})
    assert (answer.status_code, answer["Location"]) == (301, "https://login.example.org/login")


@pytest.mark.django_db
def test_a_proxy_that_is_believed_is_served(behind_tls):
    behind_tls.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    configure(behind_tls, ORIGIN="https://login.example.org", TRUSTED_PROXIES=1)
    assert Client().get("/login", headers=BY_PROXY).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_load_balancers_are_answered_all_the_same(behind_tls, path):
    assert Client().get(path, headers={"X-Forwarded-Proto": "https", "Host": "10.0.0.7"}).status_code == 200
