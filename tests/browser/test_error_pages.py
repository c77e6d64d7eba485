"""Every way a sign-in can fail, as the person sees it: what happened, why, and what to do next."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site

pytestmark = pytest.mark.browser

CALLBACK_CODES = (
    "account_pending",
    "account_suspended",
    "email_already_linked",
    "email_not_verified",
    "exchange_code_invalid",
    "link_code_invalid",
    "link_requires_sign_in",
    "missing_claims",
    "provider_error",
    "provider_refused",
    "provider_unavailable",
    "provider_unreachable",
    "signup_disabled",
    "state_expired",
    "state_invalid",
)


def explained(page: Page) -> None:
    alert = page.get_by_role("alert").first
    expect(alert).to_be_visible()
    expect(alert.get_by_text("What to do:")).to_be_visible()
    expect(alert.locator("code")).to_be_visible()


@pytest.mark.parametrize("code", CALLBACK_CODES)
def test_each_code_says_cause_and_remedy(site: Site, code: str) -> None:
    page = site.person()
    site.open(page, f"/login?error={code}&error_id=0123456789abcdef0123456789abcdef")
    explained(page)
    assert code not in page.get_by_role("alert").first.inner_text()
    site.visitor.photograph(page, f"error-{code.replace('_', '-')}")


def test_a_made_up_code_puts_no_words_into_the_page(site: Site) -> None:
    page = site.person()
    site.open(page, "/login?error=Call+0900+now&error_id=%3Cimg+src%3Dx%3E")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "0900" not in page.content()
    assert "<img src=x>" not in page.content()


def test_an_unproven_address_without_an_account_is_refused(site: Site) -> None:
    page = site.person()
    site.to_the_provider(page)
    site.as_listed(page, "Unverified Person")
    site.is_at(page, "/login")
    explained(page)
    expect(page.get_by_text("Your e-mail address is not verified")).to_be_visible()


def test_going_back_to_a_used_callback_is_explained(site: Site) -> None:
    page = site.person()
    callbacks: list[str] = []
    page.on("request", lambda request: callbacks.append(request.url) if "/oidc/callback" in request.url else None)
    site.to_the_provider(page)
    site.as_listed(page, "Demo Person")
    site.is_at(page, "/account")
    page.goto(callbacks[0])
    explained(page)
    expect(page.get_by_text("This sign-in did not begin in this browser")).to_be_visible()


def test_a_callback_opened_in_another_browser_is_explained(site: Site) -> None:
    somebody = site.road.somebody()
    callback = somebody.at_the_provider()
    page = site.person()
    page.goto(callback)
    explained(page)
    expect(page.get_by_text("This sign-in did not begin in this browser")).to_be_visible()


def test_a_link_code_of_another_browser_is_explained(site: Site) -> None:
    somebody = site.road.somebody(email_verified=False)
    site.local_account(somebody.account)
    link_code = somebody.travel()["link_code"]
    page = site.person()
    site.open(page, f"/login?error=link_confirmation_required&link_code={link_code}")
    page.get_by_label("Password").fill("a-good-long-password")
    page.get_by_role("button", name="Link and sign in").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_text("This link request is no longer valid").first).to_be_visible()


def test_a_provider_that_is_down_is_explained_and_the_form_stays(site: Site) -> None:
    page = site.person()
    site.road.provider.stop()
    try:
        # Nothing is known of the provider: neither in the processes nor in the database.
        site.road.server.stop()
        site.road.server.python(
            "from fairlead.idtokens.models import RemoteDocument; RemoteDocument.objects.all().delete()"
        )
        site.road.server.start()
        site.open(page, "/login")
        page.get_by_role("link", name="Sign in with Demo provider").click()
        site.is_at(page, "/login")
        explained(page)
        expect(page.get_by_text("The provider cannot be reached")).to_be_visible()
        expect(page.get_by_label("Password")).to_be_visible()
    finally:
        site.road.provider.start()


def test_a_page_that_does_not_exist_is_a_page(site: Site) -> None:
    page = site.person()
    site.open(page, "/nothing-here")
    expect(page.get_by_role("heading").first).to_be_visible()
    site.visitor.photograph(page, "error-404")
