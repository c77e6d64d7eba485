"""A change of address belongs to the session that asked for it: it counts only there, and ends with it.

Two attacks, both successful at commit b13399c. A thief asks for a change on an account without a password, the owner
signs out all other devices, and the thief follows the link afterwards. And a stranger changes their own address to the
victim's, whose click on the mailed link proves it for the stranger's account.
"""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import MailedLink, Session, User
from accounts.sessions import tokens
from fairlead.audit.models import AuditEvent
from tests.accounts.conftest import PASSWORD, Api, refused
from tests.configure import configure

pytestmark = pytest.mark.django_db
NEW = "new@example.org"


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    def call(function, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*args, **kwargs)

    return call


def mailed_to(address):
    (found,) = [each for each in mail.outbox if each.to == [address]]
    return re.search(r"token=(\S+)", found.body).group(1)


def submit(browser, data, page):
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(page).content.decode())
    return browser.post(page.partition("?")[0], {**data, "csrfmiddlewaretoken": found.group(1)})


def signed_in(browser):
    browser.post("/login", {"email": "person@example.org", "password": PASSWORD})
    return browser


@pytest.fixture
def asked(api, person, run):
    """The API session that asked, its access token, and the token mailed to the new address."""
    pair = api.login().json()
    api.access, api.refresh = pair["access_token"], pair["refresh_token"]
    body = {"newEmail": NEW, "password": PASSWORD}
    assert run(api.post, "email/change", body, token=api.access).status_code == 202
    api.mailed = mailed_to(NEW)
    return api


def address():
    return User.objects.get().email


class TestCountsInItsSessionAlone:
    def test_access_token_of_that_session(self, asked):
        assert asked.post("email/verify", {"token": asked.mailed}, token=asked.access).status_code == 204
        assert (address(), User.objects.get().verified_by) == (NEW, "link")

    @pytest.mark.parametrize("more", [{}, {"password": PASSWORD}], ids=["nothing", "password"])
    def test_nobody_signed_in(self, asked, more):
        for _ in range(2):
            refused(Api().post("email/verify", {"token": asked.mailed, **more}), 403, "sign_in_to_verify")
        assert address() == "Person@Example.org"
        assert asked.post("email/verify", {"token": asked.mailed}, token=asked.access).status_code == 204

    def test_another_session_of_the_same_person(self, asked):
        other = Api()
        access = other.login().json()["access_token"]
        refused(other.post("email/verify", {"token": asked.mailed}, token=access), 403, "sign_in_to_verify")
        browser = signed_in(Client())
        answer = browser.post("/api/auth/email/verify", {"token": asked.mailed}, content_type="application/json")
        refused(answer, 403, "sign_in_to_verify")
        assert address() == "Person@Example.org"

    def test_owner_of_the_new_mailbox_arms_no_strangers_account(self, asked, settings):
        configure(settings, ADMIN_EMAIL=NEW)
        owner = Client(enforce_csrf_checks=True)
        page = f"/verify-email?token={asked.mailed}"
        opened = owner.get(page).content.decode()
        assert "Open this link where you asked for it" in opened
        assert "Person@Example.org" not in opened
        assert "csrfmiddlewaretoken" not in opened.partition("<footer")[0]
        assert Client().post("/verify-email", {"token": asked.mailed}).status_code == 403
        refused(
            Api().post("password-reset/confirm", {"token": asked.mailed, "newPassword": "brand new password"}),
            400,
            "invalid_request",
        )
        user = User.objects.get()
        assert (user.email, user.is_staff) == ("Person@Example.org", False)

    def test_browser_that_asked(self, person, run):
        browser = signed_in(Client())
        data = {"email-new_email": NEW, "email-password": PASSWORD}
        assert run(browser.post, "/account/email", data).status_code == 302
        page = f"/verify-email?token={mailed_to(NEW)}"
        assert b"becomes the address of the account" in browser.get(page).content
        assert b"is confirmed" in submit(browser, {"token": mailed_to(NEW)}, page).content
        assert address() == NEW

    def test_administrator_of_the_settings_may_move_there(self, asked, settings):
        configure(settings, ADMIN_EMAIL=NEW)
        asked.post("email/verify", {"token": asked.mailed}, token=asked.access)
        assert User.objects.get().is_superuser is True


class TestEndsWithItsSession:
    def test_signing_out_all_other_devices(self, person, run):
        """On an account without a password: nothing else takes the change away."""
        User.objects.update(password="!")
        request = RequestFactory().get("/")
        thief = tokens.issue(person, request=request, method="provider", provider="default").access_token
        assert run(Api().post, "email/change", {"newEmail": NEW}, token=thief).status_code == 202
        owner = tokens.issue(person, request=request, method="provider", provider="default").access_token
        assert run(Api().call, "delete", "sessions", token=owner).status_code == 204
        for token in (None, owner):
            refused(Api().post("email/verify", {"token": mailed_to(NEW)}, token=token), 400, "invalid_request")
        refused(Api().post("email/verify", {"token": mailed_to(NEW)}, token=thief), 401, "revoked")
        assert address() == "Person@Example.org"

    @pytest.mark.parametrize("how", ["logout", "one device", "suspended and back", "reset", "expired"])
    def test_every_other_end(self, asked, run, how):
        session = Session.objects.get()
        if how == "logout":
            asked.post("logout", {"refresh_token": asked.refresh})
        elif how == "one device":
            other = Api().login().json()["access_token"]
            Api().call("delete", f"sessions/{session.pk}", token=other)
        elif how == "suspended and back":
            chief = User.objects.create_superuser("chief@example.org", PASSWORD)
            office = Client()
            office.force_login(chief)
            for action in ("suspend", "reactivate"):
                office.post("/admin/accounts/user/", {"action": action, "_selected_action": [str(session.user_id)]})
        elif how == "reset":
            run(asked.post, "password-reset", {"email": "person@example.org"})
            reset = re.search(r"confirm\?token=(\S+)", mail.outbox[-1].body).group(1)
            run(asked.post, "password-reset/confirm", {"token": reset, "newPassword": "brand new password"})
        else:
            Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        access = Api().login(password="brand new password" if how == "reset" else PASSWORD).json()["access_token"]
        code = "sign_in_to_verify" if how == "expired" else "invalid_request"
        status = 403 if how == "expired" else 400
        refused(Api().post("email/verify", {"token": asked.mailed}, token=access), status, code)
        assert User.objects.get(pk=session.user_id).email == "Person@Example.org"


class TestThatWasNotMe:
    @pytest.fixture
    def page(self, asked):
        return f"/account/email/not-me?token={mailed_to('Person@Example.org')}"

    def test_it_voids_the_change_and_ends_every_session(self, asked, page):
        other = Api()
        pair = other.login().json()
        browser = signed_in(Client())
        owner = Client(enforce_csrf_checks=True)
        token = page.partition("token=")[2]
        assert b"The change is stopped" in submit(owner, {"token": token}, page).content
        refused(asked.post("email/verify", {"token": asked.mailed}, token=asked.access), 401, "revoked")
        refused(Api().post("email/verify", {"token": asked.mailed}), 400, "invalid_request")
        refused(other.post("refresh", {"refresh_token": pair["refresh_token"]}), 401, "refresh_token_invalid")
        assert browser.get("/account").status_code == 302
        assert address() == "Person@Example.org"
        assert AuditEvent.objects.filter(event="email_change_disowned").count() == 1
        assert owner.get(page).status_code == 400

    def test_opening_it_changes_nothing(self, asked, page):
        for _ in range(3):
            assert Client().get(page).status_code == 200
        assert asked.post("email/verify", {"token": asked.mailed}, token=asked.access).status_code == 204

    def test_it_is_void_once_the_address_has_changed(self, asked, page):
        asked.post("email/verify", {"token": asked.mailed}, token=asked.access)
        assert Client().get(page).status_code == 400
        assert Client().post("/account/email/not-me", {"token": page.partition("token=")[2]}).status_code == 400
        assert asked.get("me", token=asked.access).status_code == 200

    def test_both_links_are_void_once_an_administrator_changed_the_address(self, asked, page, person):
        chief = User.objects.create_superuser("chief@example.org", PASSWORD)
        office = Client()
        office.force_login(chief)
        form = {"email": "moved@example.org", "email_verified": "on", "name": "N"}
        counts = {f"{name}-{kind}_FORMS": "0" for name in ("session", "identity") for kind in ("TOTAL", "INITIAL")}
        assert office.post(f"/admin/accounts/user/{person.pk}/change/", {**form, **counts}).status_code == 302
        refused(asked.post("email/verify", {"token": asked.mailed}, token=asked.access), 400, "invalid_request")
        assert Client().get(page).status_code == 400
        assert User.objects.get(pk=person.pk).email == "moved@example.org"

    def test_it_is_void_for_an_account_with_another_address(self, asked, page, person):
        User.objects.filter(pk=person.pk).update(email="moved@example.org", email_canonical="moved@example.org")
        assert Client().get(page).status_code == 400
        assert Client().post("/account/email/not-me", {"token": page.partition("token=")[2]}).status_code == 400

    def test_it_is_good_for_nothing_else(self, asked, page):
        token = page.partition("token=")[2]
        refused(Api().post("email/verify", {"token": token}), 400, "invalid_request")
        refused(
            Api().post("password-reset/confirm", {"token": token, "newPassword": "brand new password"}),
            400,
            "invalid_request",
        )
        assert Client().post("/account/email/not-me", {"token": asked.mailed}).status_code == 400
        assert MailedLink.objects.filter(used_at=None).count() == 2

    def test_mail_says_what_it_does(self, asked):
        (told,) = [each for each in mail.outbox if each.to == ["Person@Example.org"]]
        assert "/account/email/not-me?token=" in told.body
        assert asked.mailed not in told.body
