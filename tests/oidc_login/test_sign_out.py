"""Signing out at the provider too: a choice where the provider offers it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import Session, User
from fairlead.idtokens import background, issuers
from fairlead.idtokens.models import RemoteDocument
from tests.configure import configure

BUTTON = "Sign out here, and also at Scripted"
OUT = "/logout/provider"


@pytest.fixture
def person(browser):
    """Somebody who came in through a provider that offers sign-out, on our own pages."""
    browser.provider.extra_metadata = {"end_session_endpoint": f"{browser.provider.issuer}/logout?tenant=1"}
    arrive(browser)
    return browser


def arrive(browser):
    ended = browser.sign_in()
    assert browser.client.get("/login", {"code": ended["code"]}).status_code == 302


def account(browser):
    return browser.client.get("/account").content.decode()


def test_person_is_signed_out_here_and_led_to_the_provider(person):
    assert BUTTON in account(person)
    page = person.client.post(OUT)
    address = urlsplit(page.context["address"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{person.provider.issuer}/logout"
    assert parse_qs(address.query) == {
        "tenant": ["1"],
        "client_id": ["fairlead"],
        "post_logout_redirect_uri": ["http://testserver/login"],
    }
    assert person.client.get("/account").status_code == 302
    assert not Session.objects.filter(ended_at=None).exists()


def test_nothing_is_offered_where_the_provider_offers_nothing(browser):
    arrive(browser)
    assert "Sign out</button>" in account(browser)
    assert BUTTON not in account(browser)


def test_nothing_is_offered_to_somebody_who_came_in_by_password(person):
    User.objects.create_user("local@example.org", "a long enough password")
    client = Client()
    client.post("/login", {"email": "local@example.org", "password": "a long enough password"})
    assert BUTTON not in client.get("/account").content.decode()
    assert client.post(OUT)["Location"] == "/login"
    assert client.get("/account").status_code == 302


def test_endpoint_that_may_not_be_called_is_no_offer(browser):
    arrive(browser)
    browser.provider.extra_metadata = {"end_session_endpoint": "http://10.0.0.1/logout"}
    forget_metadata()
    assert BUTTON not in account(browser)


def test_person_is_signed_out_here_also_when_the_provider_is_away(person):
    forget_metadata()
    person.provider.server.stop()
    response = person.client.post(OUT)
    assert response["Location"] == "/login"
    assert "may still be signed in" in person.client.get("/login").content.decode()
    assert not Session.objects.filter(ended_at=None).exists()


def test_provider_that_was_disabled_meanwhile_is_not_visited(person, settings):
    configure(settings, OIDC_ENABLED=False)
    assert person.client.post(OUT)["Location"] == "/login"
    assert person.client.get("/account").status_code == 302


def test_signing_out_takes_a_form_of_ours(person):
    assert person.client.get(OUT).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = person.client.cookies
    assert strict.post(OUT).status_code == 403
    assert BUTTON in account(person)


def forget_metadata():
    """As after a day without anybody signing in."""
    RemoteDocument.objects.all().delete()
    issuers.start_again(run=background.inline)
