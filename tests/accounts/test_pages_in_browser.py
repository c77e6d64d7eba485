"""The pages of local accounts in Chromium: driven, watched, photographed in light, dark and on a phone."""

import re

import pytest
from django.core import mail

from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.accounts.pictures import png
from tests.configure import configure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, visitor):
    visitor.allow(live_server.url)
    return live_server.url


def mailed_path():
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body).group(1)


def sign_in(page, site, email="person@example.org", password=PASSWORD):
    page.goto(f"{site}/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_somebody_registers_confirms_and_looks_after_the_account(site, visitor, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    page = visitor.person()
    page.goto(f"{site}/login")
    visitor.photograph(page, "accounts-sign-in")
    page.get_by_role("link", name="Create one").click()
    visitor.photograph(page, "accounts-register")
    page.get_by_role("button", name="Create account").click()
    assert page.get_by_role("alert").is_visible()
    page.get_by_label("Name").fill("New Person")
    page.get_by_label("E-mail address").fill("new.person@example.org")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Create account").click()
    visitor.photograph(page, "accounts-register-errors")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url(f"{site}/account")
    visitor.photograph(page, "accounts-account-new")

    page.goto(site + mailed_path())
    visitor.photograph(page, "accounts-verify")
    page.get_by_role("button", name="Confirm this address").click()
    visitor.photograph(page, "accounts-verified")
    page.get_by_role("link", name="To your account").click()
    assert page.get_by_text("Confirmed", exact=True).is_visible()

    picture = tmp_path / "me.png"
    picture.write_bytes(png(640, 480))
    page.get_by_label("Picture").set_input_files(picture)
    assert page.get_by_alt_text("Preview of the chosen picture").is_visible()
    page.get_by_role("button", name="Upload").click()
    assert page.get_by_alt_text("Your picture").is_visible()
    page.get_by_label("Name").fill("Somebody Else")
    page.get_by_role("button", name="Save name").click()
    assert page.get_by_text("Your name is saved.").is_visible()
    page.get_by_text("Change the address").click()
    page.get_by_text("Change the password").click()
    page.get_by_label("Current password").fill("not it")
    page.get_by_label("New password").fill("another long password")
    page.get_by_role("button", name="Change password").click()
    assert page.get_by_text("This is not your password").is_visible()
    page.get_by_text("Change the address").click()
    visitor.photograph(page, "accounts-account")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.wait_for_url(f"{site}/login")
    visitor.photograph(page, "accounts-signed-out")


def test_who_reads_the_mailbox_in_another_browser_says_who_they_are(site, visitor):
    User.objects.create_user("person@example.org", PASSWORD)
    page = visitor.person()
    sign_in(page, site)
    page.get_by_role("button", name="Mail the link again").click()
    link = mailed_path()
    page.get_by_text("Change the address").click()
    page.get_by_label("New e-mail address").fill("new@example.org")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Mail a link to the new address").click()
    stop = re.search(r"http://testserver(/account/email/not-me\?\S+)", mail.outbox[-1].body).group(1)

    elsewhere = visitor.person(scripts=False)
    elsewhere.goto(site + link)
    visitor.photograph(elsewhere, "accounts-verify-elsewhere")
    elsewhere.get_by_role("button", name="Confirm this address").click()
    assert elsewhere.get_by_role("alert").is_visible()
    elsewhere.get_by_label("Password of the account").fill("wrong")
    elsewhere.get_by_role("button", name="Confirm this address").click()
    assert elsewhere.get_by_text("This is not your password").is_visible()
    elsewhere.get_by_role("link", name="Choose a password").click()
    visitor.photograph(elsewhere, "accounts-begin-anew")
    elsewhere.goto(site + link)
    elsewhere.get_by_label("Password of the account").fill(PASSWORD)
    elsewhere.get_by_role("button", name="Confirm this address").click()
    assert elsewhere.get_by_role("heading", name="Your address is confirmed").is_visible()

    elsewhere.goto(site + stop)
    visitor.photograph(elsewhere, "accounts-not-me")
    elsewhere.get_by_role("button", name="That was not me: stop the change").click()
    assert elsewhere.get_by_role("heading", name="The change is stopped").is_visible()
    visitor.photograph(elsewhere, "accounts-not-me-done")
    page.goto(f"{site}/account")
    page.wait_for_url(f"{site}/login?redirect=%2Faccount")


def test_what_goes_wrong_is_explained(site, visitor, settings):
    User.objects.create_user("person@example.org", PASSWORD)
    User.objects.create_user("waiting@example.org", PASSWORD, status="pending")
    page = visitor.person()
    sign_in(page, site, password="wrong")
    assert page.get_by_role("alert").is_visible()
    visitor.photograph(page, "accounts-sign-in-refused")
    sign_in(page, site, email="waiting@example.org")
    visitor.photograph(page, "accounts-pending")
    sign_in(page, site)
    page.goto(f"{site}/admin/")
    visitor.photograph(page, "accounts-no-admin")
    page.goto(f"{site}/verify-email?token=x")
    visitor.photograph(page, "accounts-verify-refused")
    configure(settings, USER_SIGNUP="disabled")
    anybody = visitor.person()
    anybody.goto(f"{site}/register")
    visitor.photograph(anybody, "accounts-register-closed")
    anybody.goto(f"{site}/nowhere")
    visitor.photograph(anybody, "accounts-not-found")


def test_a_forgotten_password_is_replaced_without_scripts(site, visitor):
    User.objects.create_user("person@example.org", PASSWORD)
    page = visitor.person(scripts=False)
    page.goto(f"{site}/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill("person@example.org")
    page.get_by_role("button", name="Mail me a link").click()
    assert page.get_by_role("heading", name="Look at your mail").is_visible()
    page.goto(site + mailed_path())
    page.get_by_label("New password").fill("a brand new password")
    page.get_by_role("button", name="Set password").click()
    assert page.get_by_role("heading", name="Your password is changed").is_visible()
    sign_in(page, site, password="a brand new password")
    page.wait_for_url(f"{site}/account")
