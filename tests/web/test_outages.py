"""The database is away: what each kind of door says, and what the log is spared."""

import logging

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from accounts.sessions import tokens
from config import services
from fairlead.conf import conf
from fairlead.credentials import secrets
from fairlead.orgs import api_keys
from fairlead.web import outages
from tests import compared
from tests.configure import configure

pytestmark = pytest.mark.django_db
FRONT_END = "https://app.example.org"


@pytest.fixture
def away(monkeypatch):
    """Every query fails, as with a server that is gone."""
    monkeypatch.setattr(outages, "_told_at", 0.0)

    def refuse(execute, sql, params, many, context):
        raise OperationalError("connection to server at secret-host failed")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def browser():
    return Client(raise_request_exception=False, headers={"accept": "text/html"})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/api/auth/login", {"email": "a@example.org", "password": "x"}),
        ("post", "/api/auth/refresh", {"refresh_token": secrets.mint(tokens.PREFIX).plaintext}),
        ("get", "/app/me", None),
        ("get", "/org/userPool", None),
        ("get", "/api/auth/registration-mode", None),
    ],
)
def test_a_program_is_told_by_a_problem_document(away, browser, method, path, body):
    headers = {
        "authorization": f"Bearer {secrets.mint(api_keys.PREFIX).plaintext}",
        "x-client-id": "3f0c2c8e-6f4f-4c53-9d5c-0d5b7a6d1d10",
    }
    more = {"content_type": "application/json", "data": body} if body else {}
    answer = getattr(browser, method)(path, **more, headers={} if body else headers)
    if answer.status_code == 401:
        pytest.fail(f"{path} asked the database nothing")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "2"
    assert "secret-host" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/login", "/admin/", "/account", "/register"])
def test_a_person_is_told_by_a_page(away, browser, path):
    browser.cookies["fairlead-session"] = "x" * 32
    answer = browser.get(path)
    assert answer.status_code == 503
    assert answer["Content-Type"].startswith("text/html")
    assert answer["Retry-After"] == "2"
    assert b"Try again in a moment" in answer.content
    assert answer["X-Request-Id"].encode() in answer.content


@pytest.mark.parametrize("step", ["initiate", "callback?state=x&code=y"])
def test_a_sign_in_ends_at_the_front_end(away, browser, settings, step):
    configure(settings, FRONTEND_URLS=[FRONT_END])
    browser.cookies["fairlead-session"] = "x" * 32
    answer = browser.get(f"/api/auth/oidc/{step}")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{FRONT_END}/login?error=unavailable&error_id=")


@pytest.mark.parametrize("step", ["initiate", "callback?state=x&code=y"])
def test_a_sign_in_at_our_own_pages_ends_with_a_page(away, browser, step, monkeypatch):
    # A person's page, at a call whose refusals are problem documents for everybody else.
    monkeypatch.setattr(Client, "request", compared._ask)
    assert conf().frontend_url == conf().origin
    answer = browser.get(f"/api/auth/oidc/{step}")
    assert answer.status_code == 503
    assert b"Try again in a moment" in answer.content


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_the_log_has_one_line_a_second_and_no_traceback(browser, caplog, monkeypatch, kind):
    now = [1000.0]
    monkeypatch.setattr(outages.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(outages, "_told_at", 0.0)

    def refuse(execute, sql, params, many, context):
        raise kind("secret-host")

    with caplog.at_level(logging.INFO), connection.execute_wrapper(refuse):
        for _ in range(5):
            browser.get("/login")
        now[0] += 1.5
        browser.get("/login")
    lines = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [(each.name, each.error, each.untold) for each in lines] == [
        ("fairlead.web.outages", kind.__name__, 0),
        ("fairlead.web.outages", kind.__name__, 4),
    ]
    assert not any(each.exc_info for each in lines)
    assert "secret-host" not in caplog.text


def test_other_faults_stay_faults(browser, caplog):
    def refuse(execute, sql, params, many, context):
        raise RuntimeError("a fault of ours")

    with connection.execute_wrapper(refuse):
        assert browser.get("/login").status_code == 500
    assert "a fault of ours" in caplog.text


def test_liveness_asks_no_database(away, browser):
    assert browser.get("/livez").status_code == 200
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


def test_postgresql_has_its_timeouts():
    found = services.database("postgres://user:x@db.example.org:5432/name", seconds=4)
    assert found["OPTIONS"] | {} == {
        "connect_timeout": 3,
        "keepalives": 1,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "answer_within": 4,
        "options": "-c statement_timeout=4000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=60000",
    }
    own = services.database("postgres://user:x@db.example.org/name?connect_timeout=9&sslmode=require", seconds=4)
    assert own["OPTIONS"]["sslmode"] == "require"
    assert int(own["OPTIONS"]["connect_timeout"]) == 9


def test_a_pooler_gets_no_options_and_no_cursors():
    found = services.database("postgres://user:x@db.example.org/name", seconds=4, pooler=True)
    assert "options" not in found["OPTIONS"]
    assert found["OPTIONS"]["answer_within"] == 4
    assert found["DISABLE_SERVER_SIDE_CURSORS"]
