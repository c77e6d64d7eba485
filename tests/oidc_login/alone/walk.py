"""Through the doors of a project without `accounts`. Run by tests/oidc_login/test_alone.py in a process of its own."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from pytest_httpserver import HTTPServer

from fairlead import memory
from fairlead.idtokens import background, issuers
from oidc_login.models import Identity, Provider, ProviderSession
from tests.oidc_login.scripted import CLIENT_ID, CLIENT_SECRET, ScriptedProvider
from tests.oidc_login.signed_out import signed_out

SIGNED_IN = "/account/providers"


@pytest.fixture(autouse=True)
def _keys_are_fetched_in_the_request():
    """In a thread of its own another database would be seen than the test's open transaction."""
    issuers.start_again(run=background.inline)
    memory.forget_everything()


def enter(browser, **query):
    """Sign in through the provider, to the end of our own page."""
    ended = browser.sign_in(**query)
    assert "code" in ended, ended
    return browser.client.get("/login", {"code": ended["code"]})


@pytest.fixture
def second(db):
    """Another provider, entered in the admin."""
    with HTTPServer(host="127.0.0.1", port=0) as server:
        scripted = ScriptedProvider(server)
        scripted.claims = {"sub": "at-the-second", "email": "other@example.org", "email_verified": True}
        Provider.objects.create(
            slug="second", name="Second", issuer=scripted.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET
        )
        yield scripted


def allow(settings, *issuers):
    settings.FAIRLEAD = {**settings.FAIRLEAD, "OIDC_PRIVATE_ORIGINS": issuers}


def begin_link(browser, slug="second"):
    page = browser.client.post("/account/providers/link", {"provider": slug})
    assert page.status_code == 200, (page.status_code, page.get("Location"))
    return page.context["address"]


def test_accounts_is_not_installed_and_nothing_is_missing():
    assert not apps.is_installed("accounts")
    call_command("check", fail_level="WARNING")


def test_somebody_new_signs_in_and_out(browser):
    response = enter(browser)
    assert (response.status_code, response["Location"]) == (302, SIGNED_IN)
    user = get_user_model().objects.get()
    assert isinstance(user.pk, int)
    assert (user.email, user.has_usable_password()) == ("person@example.org", False)
    page = browser.client.get(SIGNED_IN)
    assert page.status_code == 200
    assert b"Scripted" in page.content
    browser.client.post("/logout")
    assert not ProviderSession.objects.exists()
    assert browser.client.get(SIGNED_IN)["Location"] == "/login?redirect=%2Faccount%2Fproviders"


def test_nobody_becomes_administrator_by_another_address_than_the_proven_one(browser, settings):
    """A project's users may write what they like into their address; the provider proved the other one."""
    settings.FAIRLEAD = {**settings.FAIRLEAD, "ADMIN_EMAIL": "chief@example.org"}
    enter(browser)
    get_user_model().objects.update(email="chief@example.org")
    enter(browser)
    user = get_user_model().objects.get()
    assert not user.is_staff
    assert not user.is_superuser
    browser.provider.claims["email"] = "chief@example.org"
    enter(browser)
    user.refresh_from_db()
    assert user.is_superuser


def test_ended_session_is_over_at_once(browser):
    enter(browser)
    ProviderSession.objects.all().delete()
    assert browser.client.get(SIGNED_IN).status_code == 302


def test_another_provider_is_linked_and_unlinked_from_inside(browser, second, settings):
    allow(settings, browser.provider.issuer, second.issuer)
    enter(browser)
    user = get_user_model().objects.get()
    assert b"Link Second" in browser.client.get(SIGNED_IN).content
    callback = browser.client.get("/api/auth/oidc/callback", second.authorize(begin_link(browser)))
    assert (callback.status_code, callback["Location"]) == (302, f"http://testserver{SIGNED_IN}")
    assert sorted(Identity.objects.filter(user=user).values_list("subject", flat=True)) == [
        "at-the-second",
        "subject-1",
    ]
    page = browser.client.get(SIGNED_IN).content.decode()
    assert "Second is linked to your account now." in page
    assert "Link Second" not in page
    linked = Identity.objects.get(subject="at-the-second")
    assert browser.client.post(f"/account/providers/{linked.pk}/unlink")["Location"] == SIGNED_IN
    assert not Identity.objects.filter(pk=linked.pk).exists()
    last = Identity.objects.get()
    browser.client.post(f"/account/providers/{last.pk}/unlink")
    assert Identity.objects.get() == last


def test_link_ends_only_where_its_person_is_still_signed_in(browser, second, settings):
    allow(settings, browser.provider.issuer, second.issuer)
    enter(browser)
    answer = second.authorize(begin_link(browser))
    browser.client.post("/logout")
    assert browser.callback(answer)["error"] == "link_requires_sign_in"
    assert Identity.objects.count() == 1


def test_link_wants_a_fresh_sign_in_by_the_projects_own_page_too(browser, second, settings):
    allow(settings, browser.provider.issuer, second.issuer)
    user = get_user_model().objects.create_user("ann", "ann@example.org", "a long enough password")
    assert browser.client.login(username="ann", password="a long enough password")
    callback = browser.client.get("/api/auth/oidc/callback", second.authorize(begin_link(browser)))
    assert callback["Location"] == f"http://testserver{SIGNED_IN}"
    assert Identity.objects.get().user == user


def test_somebody_elses_session_is_signed_out_by_the_callback_and_receivers_are_told_whose(browser):
    other = get_user_model().objects.create_user("ann", "ann@example.org", "a long enough password")
    assert browser.client.login(username="ann", password="a long enough password")
    with signed_out() as told:
        browser.sign_in()
    assert told == [other]
    assert browser.client.get(SIGNED_IN).status_code == 302


def test_dry_sign_in_is_shown_to_the_administrator_who_began(browser):
    get_user_model().objects.create_superuser("root", "root@example.org", "a long enough password")
    assert browser.client.login(username="root", password="a long enough password")
    begun = browser.client.post("/admin/oidc_login/provider/try/default/sign-in/")
    assert begun.status_code in {200, 302}, begun.status_code
    address = begun["Location"] if begun.status_code == 302 else begun.context["address"]
    shown = browser.client.get("/api/auth/oidc/callback", browser.provider.authorize(address))
    assert shown.status_code == 200
    assert b"subject-1" in shown.content
    assert not Identity.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/api/auth/oidc/exchange"),
        ("post", "/api/auth/oidc/exchange/mobile"),
        ("post", "/api/auth/oidc/link"),
        ("get", "/api/auth/identities"),
        ("post", "/api/auth/identities/link"),
        ("delete", "/api/auth/identities/7d4bb0d2-3c0f-4c3b-8f0a-0d6a4f1b2c3d"),
    ],
)
def test_what_needs_accounts_is_not_found(db, method, path):
    response = getattr(Client(), method)(path, {}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
