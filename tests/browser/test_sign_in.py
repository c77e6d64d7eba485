"""People in front of a browser: through the provider for the first time and again, linked, refused, and out again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fixtures import SCREENSHOTS
from tests.browser.site import BUTTON, PASSWORD, Site

pytestmark = pytest.mark.browser


@pytest.mark.smoke
def test_the_first_sign_in_ends_on_the_account_and_the_second_too(site: Site) -> None:
    page = site.person()
    site.to_the_provider(page)
    site.visitor.photograph(page, "provider-login")
    site.as_listed(page, "Demo Person")
    site.is_at(page, "/account")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_text("person@example.org").first).to_be_visible()
    expect(page.get_by_role("img", name="Your picture")).to_be_visible()
    site.visitor.photograph(page, "account-of-a-provider-person")
    page.get_by_role("button", name="Sign out", exact=True).click()
    site.is_at(page, "/login")
    site.to_the_provider(page)
    site.as_listed(page, "Demo Person")
    site.is_at(page, "/account")
    expect(page.get_by_text("person@example.org").first).to_be_visible()


def test_the_sign_in_page_offers_the_provider_and_the_form(site: Site) -> None:
    page = site.person()
    site.open(page, "/login")
    expect(page.get_by_role("link", name=BUTTON)).to_be_visible()
    expect(page.get_by_label("Password")).to_be_visible()
    site.visitor.photograph(page, "login")


def test_the_keyboard_alone_reaches_the_provider(site: Site) -> None:
    page = site.person()
    site.open(page, "/login")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == BUTTON:
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()


def test_signing_in_works_without_scripts(site: Site) -> None:
    page = site.person(scripts=False)
    site.to_the_provider(page)
    site.as_listed(page, "Demo Person")
    site.is_at(page, "/account")


def test_a_deep_link_survives_the_trip(site: Site) -> None:
    page = site.person()
    site.to_the_provider(page, "/login?redirect=/account%23devices")
    site.as_listed(page, "Demo Person")
    page.wait_for_url(site.url + "/account#devices")


def test_a_proven_local_account_is_linked_by_itself(site: Site) -> None:
    email, page = site.new_email(), site.person()
    site.local_account(email)
    site.to_the_provider(page)
    site.as_new(page, email)
    site.is_at(page, "/account")
    expect(page.get_by_text(email).first).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    site.sign_in_here(page, email)
    site.is_at(page, "/account")


def test_the_owner_of_a_squatted_address_is_told_that_its_password_is_gone(site: Site) -> None:
    email, page = site.new_email("squatted"), site.person()
    site.local_account(email, verified=False)
    site.to_the_provider(page)
    site.as_new(page, email)
    site.is_at(page, "/account")
    expect(page.get_by_text("The password that this account had was removed")).to_be_visible()
    site.visitor.photograph(page, "account-password-removed")


def test_an_unproven_address_is_linked_with_the_local_password(site: Site) -> None:
    email, page = site.new_email("careful"), site.person()
    site.local_account(email)
    site.to_the_provider(page)
    site.as_new(page, email, verified=False)
    expect(page.get_by_role("heading", name="Is this account yours?")).to_be_visible()
    site.visitor.photograph(page, "link-by-password")
    page.get_by_label("Password").fill("not-the-password")
    page.get_by_role("button", name="Link and sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    site.visitor.photograph(page, "link-by-password-wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Link and sign in").click()
    site.is_at(page, "/account")
    expect(page.get_by_text(email).first).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    site.to_the_provider(page)
    site.as_before(page, email, verified=False)
    site.is_at(page, "/account")


def test_a_person_with_a_password_registers_signs_out_and_in(site: Site) -> None:
    email, page = site.new_email("local"), site.person("phone")
    site.open(page, "/register")
    site.visitor.photograph(page, "register")
    page.get_by_label("Name").fill("Local Visitor")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    site.is_at(page, "/account")
    site.visitor.photograph(page, "account-not-confirmed")
    page.get_by_role("button", name="Sign out", exact=True).click()
    site.sign_in_here(page, email, "not-the-password")
    expect(page.get_by_role("alert").first).to_be_visible()
    site.visitor.photograph(page, "login-wrong-password")
    site.sign_in_here(page, email)
    site.is_at(page, "/account")


def test_an_administrator_comes_to_the_administration_through_the_same_sign_in(site: Site) -> None:
    email, page = site.new_email("admin"), site.person()
    site.local_account(email, administrator=True)
    site.open(page, "/admin/")
    page.get_by_role("link", name=BUTTON).click()
    site.as_new(page, email)
    # Nobody becomes an administrator by a provider's word alone: the password is asked for once.
    page.get_by_label("Password of your account here").fill(PASSWORD)
    page.get_by_role("button", name="Link and sign in").click()
    site.is_at(page, "/admin/")
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    site.open(page, "/admin/oidc_login/provider/")
    expect(page.get_by_text("Demo provider: from the environment, read-only")).to_be_visible()
    secret = site.road.provider.client_secret
    assert secret not in page.content()
    page.screenshot(path=SCREENSHOTS / "admin-providers.png", full_page=True)


def test_signing_out_at_the_provider_too_ends_both_sessions(site: Site) -> None:
    page = site.person()
    site.to_the_provider(page)
    site.as_listed(page, "Demo Person")
    site.is_at(page, "/account")
    site.visitor.photograph(page, "account-sign-out-choice")
    assert cookies(page) >= {"demo-provider-session", "fairlead-session"}
    page.get_by_role("button", name="Sign out here, and also at Demo provider").click()
    page.get_by_role("button", name="Sign out").click()
    site.is_at(page, "/login")
    assert "demo-provider-session" not in cookies(page)
    site.open(page, "/account")
    site.is_at(page, "/login")


def cookies(page: Page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}
