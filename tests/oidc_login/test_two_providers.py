"""Two providers of ours in one sign-in: mixed up by an attacker (RFC 9207, RFC 9700 4.4), or changed in mid-login."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from accounts.models import User
from oidc_login.models import ExchangeCode, Identity, Provider
from tests.configure import configure
from tests.oidc_login.scripted import CLIENT_ID, ScriptedProvider


@pytest.fixture
def second(browser: Any, settings: Any) -> Iterator[ScriptedProvider]:
    """Another provider of this site. It has the same keys and knows us by the same client id, to leave only `iss`."""
    with HTTPServer(host="127.0.0.1", port=0) as server:
        scripted = ScriptedProvider(server)
        scripted.claims = {"sub": "subject-1", "email": "victim@example.org", "email_verified": True}
        configure(settings, OIDC_PRIVATE_ORIGINS=(browser.provider.issuer, scripted.issuer))
        Provider.objects.create(slug="second", name="Second", issuer=scripted.issuer, client_id=CLIENT_ID)
        yield scripted


def nobody_came_in(*providers: ScriptedProvider) -> None:
    assert [model.objects.count() for model in (User, Identity, ExchangeCode)] == [0, 0, 0]
    assert [provider.calls["token"] for provider in providers] == [0] * len(providers)


def test_each_of_the_two_signs_people_in(browser, second):
    assert "code" in browser.sign_in()
    query = second.authorize(browser.initiate(provider="second"))
    assert "code" in browser.callback({**query, "iss": second.issuer})
    assert {identity.issuer for identity in Identity.objects.all()} == {browser.provider.issuer, second.issuer}


@pytest.mark.parametrize("begun_at", ["default", "second"])
def test_code_of_one_goes_to_nobody_when_it_says_that_it_is_of_the_other(browser, second, begun_at):
    """The person began at one; the attacker's provider sent the browser on to the other, whose code came back."""
    begun, other = (browser.provider, second) if begun_at == "default" else (second, browser.provider)
    query = other.authorize(browser.initiate(provider=begun_at), "the other's code")
    assert browser.callback({**query, "iss": other.issuer})["error"] == "provider_error"
    nobody_came_in(begun, other)


@pytest.mark.parametrize("begun_at", ["default", "second"])
def test_code_without_iss_is_redeemed_where_the_sign_in_began_and_nowhere_else(browser, second, begun_at):
    begun, other = (browser.provider, second) if begun_at == "default" else (second, browser.provider)
    query = other.authorize(browser.initiate(provider=begun_at), "the other's code")
    assert browser.callback(query)["error"] == "provider_error"
    assert (begun.calls["token"], other.calls["token"]) == (1, 0)
    assert not User.objects.exists()


def test_code_without_iss_goes_nowhere_where_the_provider_promised_iss(browser, second):
    browser.provider.extra_metadata = {"authorization_response_iss_parameter_supported": True}
    query = second.authorize(browser.initiate())
    assert browser.callback(query)["error"] == "provider_error"
    nobody_came_in(browser.provider, second)


def test_id_token_of_the_other_is_refused_though_keys_client_and_nonce_are_right(browser, second):
    browser.provider.sign = None
    browser.provider.claims["iss"] = second.issuer
    assert browser.sign_in()["error"] == "provider_error"
    assert not User.objects.exists()


def test_error_of_the_other_ends_nothing_but_its_own_state(browser, second):
    first, later = browser.initiate(), browser.initiate(provider="second")
    wrong = {"state": second.authorize(later)["state"], "error": "access_denied", "iss": browser.provider.issuer}
    assert browser.callback(wrong)["error"] == "provider_error"
    assert "code" in browser.callback(browser.provider.authorize(first))


@pytest.mark.parametrize(
    "change",
    [{"enabled": False}, {"issuer": "https://another.example"}, {"client_id": "another"}],
    ids=["disabled", "issuer", "client"],
)
def test_provider_that_changed_in_mid_login_gets_no_code(browser, second, change):
    query = second.authorize(browser.initiate(provider="second"))
    row = Provider.objects.get()
    for name, value in change.items():
        setattr(row, name, value)
    row.save()
    assert browser.callback(query)["error"] == "provider_unavailable"
    nobody_came_in(browser.provider, second)


def test_provider_that_was_deleted_in_mid_login_gets_no_code(browser, second):
    query = second.authorize(browser.initiate(provider="second"))
    Provider.objects.all().delete()
    assert browser.callback(query)["error"] == "provider_unavailable"
    nobody_came_in(browser.provider, second)


def test_provider_of_the_environment_that_was_switched_off_in_mid_login_gets_no_code(browser, settings):
    query = browser.provider.authorize(browser.initiate())
    configure(settings, OIDC_ENABLED=False)
    assert browser.callback(query)["error"] == "provider_unavailable"
    nobody_came_in(browser.provider)


def test_provider_that_was_renewed_in_mid_login_lets_in(browser, second):
    """Only what decides whose word is believed counts: a name, an order or a new secret does not."""
    query = second.authorize(browser.initiate(provider="second"))
    row = Provider.objects.get()
    row.name, row.order, row.client_secret = "Renamed", 5, "rotated"
    row.save()
    assert "code" in browser.callback(query)
