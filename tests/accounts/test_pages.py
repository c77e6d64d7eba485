"""The pages of local accounts, as a browser without scripts uses them."""

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Session, User
from accounts.sessions import browser as sessions
from fairlead.web import seams
from tests.accounts.conftest import PASSWORD
from tests.accounts.pictures import picture
from tests.configure import configure
from tests.registries import only

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(person):
    return Client(enforce_csrf_checks=True)


def submit(browser, page, data, *, to=None, **more):
    """Post the form of a page, with the CSRF token that stands in it."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(page).content.decode())
    return browser.post(to or page.partition("?")[0], {**data, "csrfmiddlewaretoken": found.group(1)}, **more)


def sign_in(browser, email="person@example.org", password=PASSWORD, **more):
    return submit(browser, "/login", {"email": email, "password": password, **more})


def signed_in_as(browser):
    return browser.session.get(SESSION_KEY)


def test_signing_in_opens_a_session_and_leads_to_the_account(browser, person):
    before = browser.get("/login").cookies
    response = sign_in(browser)
    assert (response.status_code, response["Location"]) == (302, "/account")
    assert signed_in_as(browser) == str(person.pk)
    assert SESSION_KEY not in before
    assert b"Demo Person" in browser.get("/account").content


def test_signing_in_gives_the_browser_a_new_session_key(browser, person):
    browser.get("/login")
    store = browser.session
    store["planted"] = "x"
    store.save()
    browser.cookies["fairlead-session"] = store.session_key
    sign_in(browser)
    assert browser.session.session_key != store.session_key


@pytest.mark.parametrize("redirect", ["/admin/x?y=1", "/"])
def test_a_path_of_this_site_is_honoured(browser, redirect):
    assert sign_in(browser, redirect=redirect)["Location"] == redirect


@pytest.mark.parametrize(
    "redirect", ["//evil.example", "https://evil.example", "/\\evil.example", "/%2f/evil.example", ""]
)
def test_another_site_is_not(browser, redirect):
    page = browser.get("/login", {"redirect": redirect}).content.decode()
    assert 'name="redirect" value="/account"' in page
    assert sign_in(browser, redirect=redirect)["Location"] == "/account"


def test_a_form_of_another_site_signs_nobody_in(browser):
    assert browser.post("/login", {"email": "person@example.org", "password": PASSWORD}).status_code == 403
    assert signed_in_as(browser) is None


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("person@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("no address", "x"),
        ("person@example.org\x00", "x"),
    ],
)
def test_refusals_keep_the_address_and_drop_the_password(browser, email, password):
    response = sign_in(browser, email, password)
    assert response.status_code == 400
    assert b'role="alert"' in response.content
    assert PASSWORD.encode() not in response.content
    assert signed_in_as(browser) is None


def test_a_locked_pair_is_told_when_to_try_again(browser):
    for _ in range(5):
        assert sign_in(browser, password="wrong").status_code == 400
    response = sign_in(browser)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert b"Try again in" in response.content


def test_pending_people_see_a_page_that_says_so(browser):
    User.objects.update(status="pending", is_active=False)
    response = sign_in(browser)
    assert response.status_code == 403
    assert b"waits for approval" in response.content
    assert signed_in_as(browser) is None


def test_a_suspended_person_is_thrown_out_of_every_page(browser, person):
    sign_in(browser)
    User.objects.update(status="suspended", is_active=False)
    assert browser.get("/account")["Location"].startswith("/login")
    assert browser.get("/admin/").status_code == 302


def test_what_a_person_typed_is_escaped(browser):
    response = sign_in(browser, '"><script>alert(1)</script>', "x")
    assert b"<script>alert" not in response.content


def test_signing_out_takes_a_post_and_ends_the_session(browser, person):
    sign_in(browser)
    assert browser.get("/logout").status_code == 405
    assert submit(browser, "/account", {}, to="/logout")["Location"] == "/login"
    assert signed_in_as(browser) is None
    assert Session.objects.get().ended_at is not None


def test_the_admin_signs_people_out_the_same_way(browser):
    User.objects.update(is_staff=True, is_superuser=True)
    sign_in(browser)
    assert submit(browser, "/admin/", {}, to="/admin/logout/")["Location"] == "/login"
    assert Session.objects.get().ended_at is not None


def test_the_admin_leads_to_the_sign_in_page_and_back(browser):
    User.objects.update(is_staff=True, is_superuser=True)
    to_admin_login = browser.get("/admin/accounts/user/")["Location"]
    to_sign_in = browser.get(to_admin_login)["Location"]
    assert to_sign_in == "/login?redirect=/admin/accounts/user/"
    wanted = re.search(r'name="redirect" value="([^"]+)"', browser.get(to_sign_in).content.decode()).group(1)
    assert sign_in(browser, redirect=wanted)["Location"] == "/admin/accounts/user/"
    assert browser.get("/admin/accounts/user/").status_code == 200
    assert browser.post("/admin/login/", {"username": "person@example.org", "password": PASSWORD}).status_code in {
        302,
        403,
    }


def test_somebody_who_is_no_administrator_is_told_so_and_not_sent_round_in_circles(browser):
    sign_in(browser)
    response = browser.get("/admin/", follow=True)
    assert response.status_code == 403
    assert b"no administrator" in response.content


def test_signed_in_people_go_straight_on(browser):
    sign_in(browser)
    assert browser.get("/login?redirect=/x")["Location"] == "/x"
    assert browser.get("/register")["Location"] == "/account"


def test_registering_signs_in(browser, db):
    data = {"name": "New", "email": "new@example.org", "password": PASSWORD}
    response = submit(browser, "/register", data)
    assert response["Location"] == "/account"
    page = browser.get("/account").content.decode()
    assert "Not confirmed" in page
    assert "new@example.org" in page


def test_registering_under_review_leads_to_the_waiting_page(browser, settings):
    configure(settings, USER_SIGNUP="review")
    response = submit(browser, "/register", {"name": "New", "email": "new@example.org", "password": PASSWORD})
    assert b"waits for approval" in response.content
    assert signed_in_as(browser) is None


def test_register_shows_what_is_wrong_beside_the_field(browser):
    response = submit(browser, "/register", {"name": "", "email": "person@example.org", "password": "short"})
    assert response.status_code == 400
    response = submit(browser, "/register", {"name": "N", "email": "person@example.org", "password": PASSWORD})
    assert b"An account with this e-mail address exists" in response.content
    response = submit(browser, "/register", {"name": "N", "email": "new@example.org", "password": "12345678"})
    page = response.content.decode()
    assert 'aria-invalid="true"' in page
    assert re.search(r'aria-describedby="[^"]*id_password_error', page)


def test_without_local_sign_in_the_forms_are_gone(browser, settings, monkeypatch):
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    only(monkeypatch, seams.other_ways_in, lambda: True)
    assert b'type="password"' not in browser.get("/login").content
    assert b'type="password"' not in browser.get("/register").content
    only(monkeypatch, seams.other_ways_in, lambda: False)
    assert b'type="password"' in browser.get("/login").content


def mailed_path():
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body).group(1)


def test_opening_the_mailed_link_does_not_use_it_up(browser, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        submit(browser, "/register", {"name": "New", "email": "new@example.org", "password": PASSWORD})
    scanner = Client(enforce_csrf_checks=True)
    for _ in range(3):
        assert scanner.get(mailed_path()).status_code == 200
        assert scanner.head(mailed_path()).status_code == 200
    new = User.objects.get(email="new@example.org")
    assert new.email_verified is False
    token = mailed_path().partition("token=")[2]
    assert submit(browser, mailed_path(), {"token": token}).status_code == 200
    new.refresh_from_db()
    assert new.email_verified is True
    assert submit(browser, "/account", {"token": token}, to="/verify-email").status_code == 400
    assert scanner.get(mailed_path()).status_code == 400


def test_every_form_of_the_account_wants_somebody_signed_in(client, db):
    for name in (
        "account",
        "account-name",
        "account-picture",
        "account-email",
        "account-email-send",
        "account-password",
    ):
        assert client.post(reverse(f"accounts:{name}"))["Location"] == "/login?redirect=%2Faccount"


def test_the_account_is_looked_after(browser, person, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sign_in(browser)
    submit(browser, "/account", {"name-name": "Other Name"}, to="/account/name")
    upload = {"picture-image": SimpleUploadedFile("x.png", picture(), "image/png")}
    submit(browser, "/account", upload, to="/account/picture")
    person.refresh_from_db()
    assert (person.name, person.avatar_source) == ("Other Name", "upload")
    bad = {"picture-image": SimpleUploadedFile("x.png", b"<svg>", "image/png")}
    assert submit(browser, "/account", bad, to="/account/picture").status_code == 400
    submit(browser, "/account", {"remove": "1"}, to="/account/picture")
    person.refresh_from_db()
    assert (person.avatar, person.avatar_source) == ("", "none")


def test_a_changed_password_keeps_this_browser_and_no_other(browser, person):
    sign_in(browser)
    other = Client()
    other.force_login(person)
    other.get("/account")
    data = {"password-current": PASSWORD, "password-new": "an entirely new password"}
    assert submit(browser, "/account", data, to="/account/password")["Location"] == "/account#password"
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_devices_are_signed_out_from_the_page(browser, person):
    sign_in(browser)
    other = Client()
    other.force_login(person)
    other.get("/account")
    theirs = Session.objects.exclude(pk=browser.session[sessions.KEY]).get()
    submit(browser, "/account", {}, to=f"/account/devices/{theirs.pk}/end")
    assert other.get("/account").status_code == 302
    other.force_login(person)
    assert other.get("/account").status_code == 200
    submit(browser, "/account", {}, to="/account/devices/end-others")
    assert other.get("/account").status_code == 302
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("part", ["devices/end-others", "devices/{}/end", "name", "picture", "email", "password"])
def test_parts_of_the_account_that_are_opened_show_the_page(browser, person, part):
    sign_in(browser)
    response = browser.get(f"/account/{part.format(Session.objects.get().pk)}")
    assert response.status_code == 200
    assert b"Signed-in devices" in response.content


def test_device_names_the_provider_that_it_came_through(browser, person, monkeypatch):
    only(monkeypatch, seams.provider_names, lambda: {"7": "Acme & Co"})
    sign_in(browser)
    for provider, method, text in (
        ("7", "provider", "UTC through Acme &amp; Co."),
        ("8", "provider", "UTC through a provider."),
        ("", "link", "UTC by a one-time link."),
        ("", "password", "UTC by password."),
    ):
        Session.objects.update(provider=provider, method=method)
        assert text in browser.get("/account").content.decode()


def test_nobody_signs_out_somebody_elses_device(browser, person):
    stranger = User.objects.create_user("stranger@example.org", PASSWORD)
    other = Client()
    other.force_login(stranger)
    other.get("/account")
    sign_in(browser)
    submit(browser, "/account", {}, to=f"/account/devices/{Session.objects.get(user=stranger).pk}/end")
    assert other.get("/account").status_code == 200


def test_no_page_keeps_or_hands_on_what_it_shows(browser):
    sign_in(browser)
    for path in ("/account", "/verify-email?token=x", "/password-reset/confirm?token=x"):
        response = browser.get(path)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"
        assert "'unsafe-inline'" not in response["Content-Security-Policy"]
        assert b"style=" not in response.content
