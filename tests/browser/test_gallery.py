"""Every page a person can meet, in light, in dark and on a phone: its status, its heading, its fields, its picture."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.fixtures import Look
from tests.browser.gallery import LOOKS, Gallery
from tests.browser.site import PASSWORD

pytestmark = pytest.mark.browser
Hang = Callable[[Look], Gallery]


def test_the_ways_in(gallery: Gallery) -> None:
    page = gallery.person()
    gallery.open(page, "/login", "login", h1="Sign in")
    expect(page.get_by_role("link", name="Sign in with Demo provider")).to_be_visible()
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_label("Password").fill("not-the-password")
    gallery.press(page, "Sign in", "login-refused", h1="Sign in", status=400)
    gallery.open(
        page, "/login?error=state_expired&error_id=0123456789abcdef0123456789abcdef", "login-error", h1="Sign in"
    )
    gallery.open(page, "/register", "register", h1="Create an account")
    page.get_by_label("E-mail").fill("no address")
    page.get_by_label("Password").fill("short")
    gallery.press(page, "Create account", "register-errors", h1="Create an account", status=400)


def test_what_mailed_links_open(gallery: Gallery) -> None:
    page, made = gallery.person(), gallery.made
    gallery.open(page, f"/verify-email?token={made['verify']}", "verify", h1="Confirm your e-mail address")
    gallery.press(page, "Confirm this address", "verify-unknown", h1="Confirm your e-mail address", status=403)
    page.get_by_label("Password of the account").fill(PASSWORD)
    gallery.press(page, "Confirm this address", "verify-done", h1="Your address is confirmed")
    gallery.open(page, "/verify-email?token=x", "verify-refused", h1="This link cannot be used", status=400)
    gallery.open(page, "/password-reset", "reset", h1="Reset your password")
    page.get_by_label("E-mail").fill("nobody@example.org")
    gallery.press(page, "Mail me a link", "reset-sent", h1="Look at your mail")
    reset = f"/password-reset/confirm?token={made['reset']}"
    gallery.open(page, reset, "reset-confirm", h1="Choose a new password")
    page.get_by_label("New password").fill("short")
    gallery.press(page, "Set password", "reset-confirm-error", h1="Choose a new password", status=400)
    page.get_by_label("New password").fill("a-good-long-password")
    gallery.press(page, "Set password", "reset-done", h1="Your password is changed")
    gallery.open(page, reset, "reset-refused", h1="This link cannot be used", status=400)


def test_a_sign_in_link(gallery: Gallery) -> None:
    page = gallery.person()
    address = f"/signin-link?token={gallery.made['signin']}"
    gallery.open(page, address, "signin-link", h1="Sign in")
    gallery.press(page, "Sign in", "account-by-link", h1="Your account")
    gallery.site.open(page, address)
    gallery.press(page, "Sign in", "signin-link-refused", h1="This address cannot be used", status=400)


def test_the_account_of_somebody_with_a_password_and_many_devices(gallery: Gallery) -> None:
    page = gallery.signed_in("rich")
    gallery.open(page, "/account", "account", h1="Your account")
    gallery.press(page, "Save name", "account-saved", h1="Your account")
    expect(page.get_by_text("Your name is saved.")).to_be_visible()
    page.get_by_text("Change the password").click()
    page.get_by_text("Change the address").click()
    page.get_by_label("Current password").last.fill("not it")
    page.get_by_label("New password").fill("short")
    gallery.press(page, "Change password", "account-error", h1="Your account", status=400)


def test_the_account_of_somebody_without_a_password(gallery: Gallery) -> None:
    page = gallery.person()
    gallery.site.to_the_provider(page)
    gallery.site.as_new(page, gallery.site.new_email(f"by-provider-{gallery.look}"))
    gallery.site.is_at(page, "/account")
    gallery.open(page, "/account", "account-without-password", h1="Your account")


def test_the_account_of_somebody_whose_address_is_not_confirmed(gallery: Gallery) -> None:
    page = gallery.person()
    gallery.site.open(page, "/register")
    page.get_by_label("Name").fill("New Person")
    page.get_by_label("E-mail").fill(gallery.site.new_email(f"unconfirmed-{gallery.look}"))
    page.get_by_label("Password").fill("a-good-long-password")
    gallery.press(page, "Create account", "account-unconfirmed", h1="Your account")
    gallery.open(page, "/admin/", "no-administrator", h1="Sign in", status=403)


def test_linking_by_password(gallery: Gallery) -> None:
    page = gallery.person()
    gallery.site.to_the_provider(page)
    gallery.site.as_new(page, gallery.email("chief"), verified=False)
    expect(page.get_by_role("button", name="Link and sign in")).to_be_visible()
    gallery.keep(page, 200, "link", h1="Is this account yours?", status=200)
    page.get_by_label("Password").fill("not-the-password")
    gallery.press(page, "Link and sign in", "link-wrong", h1="Is this account yours?", status=400)


def test_pages_for_anybody(gallery: Gallery) -> None:
    page = gallery.person()
    gallery.open(page, "/nothing-here", "not-found", h1="Not found", status=404)
    gallery.open(page, "/problems", "problems", h1="Error codes")


def test_the_administration_of_people(gallery: Gallery) -> None:
    page = gallery.signed_in("chief", "/login?redirect=/admin/")
    gallery.open(page, "/admin/", "admin", h1="Administration")
    expect(page.get_by_role("img", name="Sign-ins and refusals of the last 14 days")).to_be_visible()
    page.get_by_label("Id, address or name").fill(f"-{gallery.look}@example")
    gallery.press(page, "Find", "admin-find", h1="Find")
    expect(page.get_by_role("link", name=gallery.email("rich"))).to_be_visible()
    gallery.open(page, "/admin/accounts/user/", "admin-people", h1="Select person to change")
    gallery.open(page, f"/admin/accounts/user/{gallery.made['rich']}/change/", "admin-person", h1="Change person")
    gallery.open(page, f"/admin/accounts/user/{gallery.made['rich']}/do/suspend/", "admin-person-suspend", h1="Suspend")
    expect(page.get_by_text("signed out on every device")).to_be_visible()
    guesser = gallery.person()
    gallery.site.sign_in_here(guesser, gallery.email("poor"), "not-the-password")
    expect(guesser.get_by_role("alert").first).to_be_visible()
    gallery.open(
        page, f"/admin/accounts/user/{gallery.made['poor']}/change/", "admin-person-refused", h1="Change person"
    )
    expect(page.get_by_role("heading", name="Can they sign in?")).to_be_visible()
    expect(page.get_by_text("The password is not the account's.").first).to_be_visible()
    gallery.open(page, "/admin/accounts/session/", "admin-sessions", h1="Select session to view")
    gallery.open(page, "/admin/accounts/signinpolicy/", "admin-policy", h1="Change sign-in policy")
    gallery.open(page, "/admin/fairlead_audit/auditevent/", "admin-audit", h1="Select audit event to view")


def test_the_health_page(gallery: Gallery) -> None:
    page = gallery.signed_in("chief", "/login?redirect=/admin/fairlead_web/outgoingmail/health/")
    gallery.open(page, "/admin/fairlead_web/outgoingmail/health/", "admin-health", h1="Health")
    gallery.press(page, "Ask the outside too", "admin-health-outside", h1="Health")
    page.get_by_text("Everything that was looked at").click()
    expect(page.get_by_text("The address leads to this installation")).to_be_visible()
    gallery.keep(page, 200, "admin-health-everything", h1="Health", status=200)


def test_the_administration_of_providers(gallery: Gallery) -> None:
    page = gallery.signed_in("chief", "/login?redirect=/admin/oidc_login/provider/")
    gallery.open(page, "/admin/oidc_login/provider/", "admin-providers", h1="Select provider to change")
    gallery.open(page, "/admin/oidc_login/provider/add/?preset=keycloak", "admin-preset", h1="Add provider")
    gallery.site.open(page, "/admin/oidc_login/provider/")
    page.get_by_role("link", name="Test Demo provider").click()
    gallery.press(page, "Test", "admin-provider-test", h1="Try out Demo provider")


def test_the_administration_of_pools_and_clients(gallery: Gallery) -> None:
    page, made = gallery.signed_in("chief", "/login?redirect=/admin/"), gallery.made
    shop = f"/admin/fairlead_orgs/organization/{made['shop']}/change/"
    gallery.open(page, shop, "admin-organization", h1="Change organization")
    pools, clients = "/admin/userpools/userpool/", "/admin/sdkclients/sdkclient/"
    gallery.open(page, f"{pools}add/", "admin-pool-add", h1="Add a user pool")
    page.get_by_label("Name").fill("Shoppers")
    page.get_by_label("JWKS URI").fill("$JWKS_URI")
    gallery.press(page, "Save", "admin-pool-add-errors", h1="Add a user pool")
    gallery.open(page, f"{pools}{made['pool']}/change/", "admin-pool", h1="View user pool")
    gallery.open(page, f"{pools}{made['pool']}/edit/", "admin-pool-edit", h1="Change a user pool")
    gallery.open(page, f"{pools}{made['pool']}/do/rotate-keys/", "admin-pool-rotate", h1="Rotate the keys")
    gallery.press(page, "Rotate the keys", "admin-pool-rotated", h1="View user pool")
    gallery.open(page, f"{clients}add/", "admin-client-add", h1="Add an SDK client")
    gallery.open(page, f"{clients}{made['service']}/change/", "admin-client", h1="View SDK client")
    page.get_by_role("link", name="Rotate the key").click()
    gallery.press(page, "Rotate the key", "admin-new-key", h1="The new API key")
    assert page.get_by_label("API key").input_value().startswith("flk_")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the key").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("API key").input_value()


def test_the_api_browser(gallery: Gallery) -> None:
    page = gallery.person()
    answer = page.goto(f"{gallery.site.url}/api/docs")
    expect(page.get_by_text("/api/auth/login").first).to_be_visible()
    assert answer is not None
    gallery.keep(page, answer.status, "api-docs", h1=re.compile("^Fairlead"), status=200)


def test_registration_under_review(hang: Hang, with_policy: Callable[..., None]) -> None:
    with_policy(registration_mode="review")
    for gallery in map(hang, LOOKS):
        page = gallery.person()
        gallery.open(page, "/register", "register-review", h1="Create an account")
        page.get_by_label("Name").fill("New Person")
        page.get_by_label("E-mail").fill(gallery.site.new_email(f"reviewed-{gallery.look}"))
        page.get_by_label("Password").fill("a-good-long-password")
        gallery.press(page, "Create account", "pending", h1="Your account waits for approval")
        gallery.site.open(page, "/login")
        page.get_by_label("E-mail").fill(gallery.email("waiting"))
        page.get_by_label("Password").fill("a-good-long-password")
        gallery.press(page, "Sign in", "pending-again", h1="Your account waits for approval", status=403)


def test_without_sign_in_by_password(hang: Hang, with_policy: Callable[..., None]) -> None:
    with_policy(disable_internal_auth=True)
    for gallery in map(hang, LOOKS):
        page = gallery.person()
        gallery.open(page, "/login", "login-provider-only", h1="Sign in")
        assert page.get_by_label("Password").count() == 0
        gallery.open(page, "/register", "register-closed", h1="Create an account")
