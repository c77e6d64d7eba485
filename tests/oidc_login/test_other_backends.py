"""A host's or an operator's own backend may refuse a sign-in through a provider; nothing else that it does counts."""

import pytest

from accounts.models import Session, User
from oidc_login.models import ExchangeCode, Identity
from tests.oidc_login import gates
from tests.oidc_login.scripted import CLIENT_ID, json_answer


@pytest.fixture
def gate(settings):
    gates.asked.clear()

    def put(name):
        settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, f"tests.oidc_login.gates.{name}"]

    return put


@pytest.mark.parametrize("name", ["Denies", "DeniesAnyKeyword"])
def test_permission_denied_is_honoured_at_the_callback(browser, gate, name):
    gate(name)
    assert browser.sign_in()["error"] == "forbidden"
    assert not User.objects.exists()
    assert not Identity.objects.exists()
    assert not ExchangeCode.objects.exists()


def test_somebody_who_came_before_is_refused_too(browser, gate):
    browser.exchange(browser.sign_in()["code"])
    sessions = Session.objects.count()
    gate("Denies")
    assert browser.sign_in(code="second")["error"] == "forbidden"
    assert Session.objects.count() == sessions


def test_permission_denied_is_honoured_at_the_mobile_exchange(browser, gate):
    gate("Denies")
    browser.provider.userinfo = browser.provider.claims
    browser.provider.extra_metadata = {"introspection_endpoint": f"{browser.provider.issuer}/introspect"}
    browser.provider.answers["introspect"] = lambda request: json_answer(
        {"active": True, "client_id": CLIENT_ID, "sub": "subject-1"}
    )
    body = {"access_token": "opaque"}
    response = browser.client.post("/api/auth/oidc/exchange/mobile", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert not User.objects.exists()


def test_backend_learns_who_it_is_and_none_is_no_refusal(browser, gate):
    gate("LetsPass")
    assert "code" in browser.sign_in()
    (external,) = gates.asked
    assert (external.issuer, external.subject) == (browser.provider.issuer, "subject-1")
    assert external.email_canonical == "person@example.org"


def test_whom_a_backend_names_counts_for_nothing(browser, gate):
    gate("NamesSomebodyElse")
    body = browser.exchange(browser.sign_in()["code"]).json()
    assert (body["user"]["email"], body["user"]["isAdmin"]) == ("person@example.org", False)


@pytest.mark.parametrize("name", ["ForPasswordsAlone", "CrashesOnAnyKeyword"])
def test_backend_that_was_not_meant_for_this_stops_nobody(browser, gate, name):
    gate(name)
    assert "code" in browser.sign_in()


def test_crash_of_a_backend_that_was_to_decide_lets_nobody_in_and_is_no_refusal(browser, gate):
    gate("CrashesByName")
    query = browser.provider.authorize(browser.initiate())
    with pytest.raises(RuntimeError, match="its own fault"):
        browser.client.get("/api/auth/oidc/callback", query)
    assert not User.objects.exists()
