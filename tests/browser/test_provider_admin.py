"""An administrator sets a provider up: a preset, the test, the dry sign-in; and a person links one from inside."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def office(site: Site) -> Page:
    email, page = site.new_email("chief"), site.person()
    site.local_account(email, administrator=True)
    site.sign_in_here(page, email, path="/login?redirect=/admin/oidc_login/provider/")
    expect(page.get_by_role("link", name="Test Demo provider")).to_be_visible()
    return page


def test_a_preset_fills_the_form(site: Site, office: Page) -> None:
    site.visitor.photograph(office, "admin-providers")
    site.open(office, "/admin/oidc_login/provider/add/")
    office.get_by_role("link", name="Keycloak").click()
    expect(office.get_by_label("Issuer")).to_have_value("https://{host}/realms/{realm}")
    expect(office.get_by_text("no slash, nothing after it")).to_be_visible()
    site.visitor.photograph(office, "admin-provider-preset")


def test_the_test_reports_in_words(site: Site, office: Page) -> None:
    office.get_by_role("link", name="Test Demo provider").click()
    office.get_by_role("button", name="Test").click()
    expect(office.get_by_text("exactly as configured")).to_be_visible()
    expect(office.get_by_text(f"{site.url}/api/auth/oidc/callback")).to_be_visible()
    site.visitor.photograph(office, "admin-provider-test")


def test_the_dry_sign_in_goes_the_whole_way_and_lets_nobody_in(site: Site, office: Page) -> None:
    before = site.road.users()
    office.get_by_role("link", name="Test Demo provider").click()
    office.get_by_role("button", name="Dry sign-in").click()
    site.as_new(office, site.new_email("dry"))
    expect(office.get_by_text("Would make a new account")).to_be_visible()
    site.visitor.photograph(office, "admin-provider-dry-run")
    assert site.road.users() == before
    site.open(office, "/admin/")
    expect(office.get_by_role("heading", name="Administration")).to_be_visible()


def test_a_person_links_the_provider_from_the_account_page(site: Site) -> None:
    email, page = site.new_email("linker"), site.person()
    site.local_account(email)
    site.sign_in_here(page, email)
    page.get_by_role("button", name="Link Demo provider").click()
    site.as_new(page, site.new_email("elsewhere"))
    expect(page.get_by_text("is linked to your account now")).to_be_visible()
