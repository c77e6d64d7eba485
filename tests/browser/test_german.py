"""The pages in German, which is longer than English: on a desktop, in the dark and on a phone; and how one gets there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.gallery import Gallery
from tests.browser.site import PASSWORD, Site

pytestmark = pytest.mark.browser


def in_german(gallery: Gallery) -> Page:
    page = gallery.person()
    page.context.add_cookies([{"name": "fairlead-language", "value": "de", "url": gallery.site.url}])
    return page


def signed_in(gallery: Gallery, role: str, path: str) -> Page:
    page = in_german(gallery)
    gallery.site.open(page, f"/login?redirect={path}")
    page.get_by_label("E-Mail-Adresse").fill(gallery.email(role))
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    gallery.site.is_at(page, path)
    return page


def test_the_ways_in(gallery: Gallery) -> None:
    page = in_german(gallery)
    gallery.open(
        page, "/login?error=state_expired&error_id=0123456789abcdef0123456789abcdef", "de-login-error", h1="Anmelden"
    )
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_label("E-Mail-Adresse").fill("nobody@example.org")
    page.get_by_label("Passwort", exact=True).fill("not-the-password")
    gallery.press(page, "Anmelden", "de-login-refused", h1="Anmelden", status=400)
    gallery.open(page, "/register", "de-register", h1="Ein Konto anlegen")
    page.get_by_label("E-Mail-Adresse").fill("no address")
    page.get_by_label("Passwort").fill("short")
    gallery.press(page, "Konto anlegen", "de-register-errors", h1="Ein Konto anlegen", status=400)
    gallery.open(page, "/password-reset", "de-reset", h1="Passwort zurücksetzen")
    verify = f"/verify-email?token={gallery.made['verify']}"
    gallery.open(page, verify, "de-verify", h1="E-Mail-Adresse bestätigen")
    gallery.open(
        page, "/verify-email?token=x", "de-verify-refused", h1="Dieser Link kann nicht benutzt werden", status=400
    )
    gallery.open(page, "/nothing-here", "de-not-found", h1="Nicht gefunden", status=404)
    gallery.open(page, "/problems", "de-problems", h1="Fehlercodes")


def test_the_account(gallery: Gallery) -> None:
    page = signed_in(gallery, "rich", "/account")
    gallery.open(page, "/account", "de-account", h1="Ihr Konto")
    page.get_by_text("Passwort ändern").first.click()
    page.get_by_text("Adresse ändern").first.click()
    page.get_by_label("Aktuelles Passwort").last.fill("not it")
    page.get_by_label("Neues Passwort").fill("short")
    gallery.press(page, "Passwort ändern", "de-account-error", h1="Ihr Konto", status=400)


def test_the_administration(gallery: Gallery) -> None:
    page, made = signed_in(gallery, "chief", "/admin/"), gallery.made
    gallery.open(page, "/admin/", "de-admin", h1="Administration")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    person = f"/admin/accounts/user/{made['rich']}/"
    gallery.open(page, f"{person}change/", "de-admin-person", h1=re.compile("Person"))
    gallery.open(page, f"{person}do/suspend/", "de-admin-suspend", h1="Sperren")
    gallery.open(
        page, "/admin/oidc_login/provider/add/?preset=keycloak", "de-admin-preset", h1=re.compile("hinzufügen")
    )
    gallery.open(page, "/admin/userpools/userpool/add/", "de-admin-pool-add", h1="Einen Benutzerpool hinzufügen")
    gallery.open(page, "/admin/fairlead_web/outgoingmail/health/", "de-admin-health", h1="Zustand")
    gallery.open(page, "/admin/accounts/signinpolicy/", "de-admin-policy", h1=re.compile("Anmelderichtlinie"))


def test_a_language_is_chosen_by_keyboard_and_the_page_stays(site: Site) -> None:
    page = site.person("phone", scripts=False)
    site.open(page, "/login?redirect=/account")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-current", "true")
    choice = page.get_by_role("button", name="Deutsch")
    box = choice.bounding_box()
    assert box is not None
    assert box["height"] >= 24
    page.get_by_role("button", name="English").focus()
    page.keyboard.press("Tab")
    expect(choice).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert page.url == f"{site.url}/login?redirect=/account"
