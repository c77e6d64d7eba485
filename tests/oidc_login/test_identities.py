"""Linked providers: listed, unlinked, linked from inside, by nobody but their person."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Session, User
from oidc_login.models import AuthorizationRequest, Identity, Provider
from tests.configure import configure
from tests.oidc_login.conftest import Browser

PASSWORD = "a long enough password"


@pytest.fixture
def person(provider):
    return User.objects.create_user("me@example.org", PASSWORD)


@pytest.fixture
def web(browser, person):
    """The person, signed in on our pages."""
    response = browser.client.post("/login", {"email": person.email, "password": PASSWORD})
    assert response.status_code == 302
    return browser


def bearer(client, email="me@example.org"):
    body = {"email": email, "password": PASSWORD}
    token = client.post("/api/auth/login", body, content_type="application/json").json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def away(web):
    """Press the button of the account page; the address at the provider that the page leads on to."""
    page = web.client.post("/account/providers/link", {"provider": "default"})
    assert page.status_code == 200
    return page.context["address"]


def link(browser, location):
    return browser.client.get("/api/auth/oidc/callback", browser.provider.authorize(location))


def test_person_links_another_provider_from_the_account_page(web, person):
    back = link(web, away(web))
    assert back["Location"] == "http://testserver/account"
    assert Identity.objects.get().user == person
    page = web.client.get("/account").content.decode()
    assert "Scripted is linked to your account now" in page
    assert 'aria-label="Unlink Scripted"' in page


def test_link_from_inside_needs_no_matching_address_and_changes_none(web, person):
    web.provider.claims |= {"email": "elsewhere@example.org", "email_verified": False}
    link(web, away(web))
    assert Identity.objects.get().user == person
    person.refresh_from_db()
    assert person.email == "me@example.org"


def test_link_needs_a_fresh_sign_in(browser, person):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=True) as clock:
        browser.client.post("/login", {"email": person.email, "password": PASSWORD})
        clock.shift(301)
        answer = browser.client.post("/account/providers/link", {"provider": "default"})
    assert "error=fresh_sign_in_required" in answer["Location"]
    assert not AuthorizationRequest.objects.exists()


def test_person_who_signed_out_meanwhile_is_not_linked(web):
    departure = away(web)
    web.client.post("/logout")
    assert "error=link_requires_sign_in" in link(web, departure)["Location"]
    assert not Identity.objects.exists()
    assert web.provider.calls["token"] == 0


def test_somebody_else_in_this_browser_meanwhile_is_not_linked(web):
    departure = away(web)
    User.objects.create_user("other@example.org", PASSWORD)
    web.client.post("/logout")
    web.client.post("/login", {"email": "other@example.org", "password": PASSWORD})
    assert "error=link_requires_sign_in" in link(web, departure)["Location"]
    assert not Identity.objects.exists()


def test_victim_cannot_be_made_to_link_into_an_attackers_account(web, other_browser, person):
    """The attacker begins a link through the API and sends the address to a victim."""
    answer = web.client.post(
        "/api/auth/identities/link", {}, content_type="application/json", headers=bearer(web.client)
    )
    address = answer.json()["initiateUrl"].removeprefix("http://testserver")
    assert "error=link_requires_sign_in" in other_browser.client.get(address)["Location"]
    assert not AuthorizationRequest.objects.exists()
    # And the ticket is burnt by that.
    assert "error=link_requires_sign_in" in web.client.get(address)["Location"]


def test_api_client_links_in_the_browser_in_which_the_person_is_signed_in(web, person):
    answer = web.client.post(
        "/api/auth/identities/link", {}, content_type="application/json", headers=bearer(web.client)
    )
    assert answer["Cache-Control"] == "no-store"
    away = web.client.get(answer.json()["initiateUrl"].removeprefix("http://testserver"))["Location"]
    assert link(web, away)["Location"] == "http://testserver/"
    assert Identity.objects.get().user == person


def test_api_client_links_in_the_browser_of_its_own_provider_sign_in(browser, other_browser, settings, person):
    body = browser.exchange(browser.sign_in()["code"]).json()
    token = {"Authorization": f"Bearer {body['access_token']}"}
    Identity.objects.all().delete()
    ask = lambda: browser.client.post("/api/auth/identities/link", {}, content_type="application/json", headers=token)  # noqa: E731
    address = ask().json()["initiateUrl"].removeprefix("http://testserver")
    other_browser.initiate()
    assert "error=link_requires_sign_in" in other_browser.client.get(address)["Location"]
    away = browser.client.get(ask().json()["initiateUrl"].removeprefix("http://testserver"))["Location"]
    assert link(browser, away)["Location"] == "http://testserver/"
    assert Identity.objects.get().user.email == "person@example.org"


def test_ended_api_session_links_nothing(browser):
    body = browser.exchange(browser.sign_in()["code"]).json()
    token = {"Authorization": f"Bearer {body['access_token']}"}
    Identity.objects.all().delete()
    answer = browser.client.post("/api/auth/identities/link", {}, content_type="application/json", headers=token)
    away = browser.client.get(answer.json()["initiateUrl"].removeprefix("http://testserver"))["Location"]
    browser.client.post("/api/auth/logout", {"refresh_token": body["refresh_token"]}, content_type="application/json")
    assert "error=link_requires_sign_in" in link(browser, away)["Location"]
    assert not Identity.objects.exists()


def test_identity_of_somebody_else_is_not_taken_over(web, person):
    other = User.objects.create_user("other@example.org", PASSWORD)
    Identity.objects.create(user=other, issuer=web.provider.issuer, subject="subject-1")
    departure = away(web)
    assert "error=email_already_linked" in link(web, departure)["Location"]
    assert Identity.objects.get().user == other


def test_second_subject_of_one_issuer_is_refused(web, person):
    Identity.objects.create(user=person, issuer=web.provider.issuer, subject="subject-0")
    departure = away(web)
    assert "error=email_already_linked" in link(web, departure)["Location"]


def test_linking_the_same_again_changes_nothing(web, person):
    for _ in range(2):
        link(web, away(web))
    assert Identity.objects.count() == 1


def test_api_lists_and_unlinks(browser, person):
    identity = Identity.objects.create(
        user=person, issuer=browser.provider.issuer, subject="s", claims={"email": "there@example.org"}
    )
    client, token = Client(), bearer(Client())
    (listed,) = client.get("/api/auth/identities", headers=token).json()
    assert (listed["id"], listed["provider"], listed["providerName"]) == (str(identity.pk), "default", "Scripted")
    assert listed["email"] == "there@example.org"
    assert client.delete(f"/api/auth/identities/{identity.pk}", headers=token).status_code == 204
    assert not Identity.objects.exists()


def test_unlinking_asks_for_a_fresh_sign_in(web, person):
    """Whoever finds a session open could otherwise lock its person out, link by link."""
    identity = Identity.objects.create(user=person, issuer=web.provider.issuer, subject="s")
    client, token = Client(), bearer(Client())
    Session.objects.update(authenticated_at=timezone.now() - timedelta(minutes=6))
    refused = client.delete(f"/api/auth/identities/{identity.pk}", headers=token)
    assert (refused.status_code, refused.json()["code"]) == (403, "fresh_sign_in_required")
    page = web.client.post(f"/account/providers/{identity.pk}/unlink", follow=True).content.decode()
    assert "needs a sign-in of the last five minutes" in page
    assert Identity.objects.exists()


def test_last_way_in_is_never_unlinked(browser, settings):
    body = browser.exchange(browser.sign_in()["code"]).json()
    token = {"Authorization": f"Bearer {body['access_token']}"}
    identity = Identity.objects.get()
    path = f"/api/auth/identities/{identity.pk}"
    assert browser.client.delete(path, headers=token).json()["code"] == "last_way_in"
    # A provider that is off is no way in.
    off = Provider.objects.create(slug="o", name="O", issuer="https://o.example.org", client_id="o", enabled=False)
    Identity.objects.create(user=identity.user, issuer=off.issuer, subject="s")
    assert browser.client.delete(path, headers=token).json()["code"] == "last_way_in"
    # Neither is a password where passwords are off.
    identity.user.set_password(PASSWORD)
    identity.user.save()
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    assert browser.client.delete(path, headers=token).json()["code"] == "last_way_in"
    Provider.objects.update(enabled=True)
    assert browser.client.delete(path, headers=token).status_code == 204


def test_identity_of_somebody_else_does_not_exist(browser, person):
    other = User.objects.create_user("other@example.org", PASSWORD)
    identity = Identity.objects.create(user=other, issuer=browser.provider.issuer, subject="s")
    answer = Client().delete(f"/api/auth/identities/{identity.pk}", headers=bearer(Client()))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Identity.objects.count() == 1


def test_page_unlinks_and_says_why_not(web, person):
    identity = Identity.objects.create(user=person, issuer=web.provider.issuer, subject="s")
    User.objects.filter(pk=person.pk).update(password="!")
    page = web.client.post(f"/account/providers/{identity.pk}/unlink", follow=True).content.decode()
    assert "Set a password or link another provider first" in page
    assert Identity.objects.exists()


def test_stranger_is_sent_to_sign_in(provider):
    client = Browser(Client(), provider).client
    for path in ("/account/providers/link", "/account/providers/00000000-0000-0000-0000-000000000000/unlink"):
        assert client.post(path)["Location"].startswith("/login")
    assert client.get("/api/auth/identities").status_code == 401
