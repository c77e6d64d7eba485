"""A followed link proves the mailbox, not the account: through the API and through the page.

The attack: a stranger registers the victim's address (the administrator's, say) and keeps password and session; the
victim follows the mailed link in their own browser. At commit b13399c that verified the stranger's account, and made
it superuser.
"""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.email import verification
from accounts.models import MailedLink, RefreshToken, Session, User
from accounts.sessions import tokens
from fairlead.audit.models import AuditEvent
from fairlead.web import seams
from oidc_login.models import Identity
from tests.accounts.conftest import PASSWORD, Api, refused
from tests.configure import configure
from tests.registries import only

pytestmark = pytest.mark.django_db
VICTIM = "victim@example.org"
NEW = "an entirely new password"


def mailed_token(position=-1):
    return re.search(r"token=(\S+)", mail.outbox[position].body).group(1)


@pytest.fixture
def stranger(settings, django_capture_on_commit_callbacks):
    """Has registered the address of the administrator of the settings, and holds what came of it."""
    configure(settings, ADMIN_EMAIL=VICTIM)
    api = Api()
    with django_capture_on_commit_callbacks(execute=True):
        body = {"email": VICTIM, "password": PASSWORD, "name": "Stranger"}
        api.pair = api.post("register", body).json()
    return api


@pytest.fixture
def token(stranger):
    return mailed_token()


@pytest.fixture
def victim():
    """The browser of who reads the mailbox."""
    return Client(enforce_csrf_checks=True)


def submit(browser, data, page):
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(page).content.decode())
    return browser.post(page.partition("?")[0], {**data, "csrfmiddlewaretoken": found.group(1)})


def untouched():
    user = User.objects.get()
    assert (user.verified_by, user.is_staff, user.is_superuser) == ("", False, False)
    assert user.has_usable_password()
    assert not AuditEvent.objects.filter(event__in=["email_verified", "admin_granted", "password_removed"]).exists()
    return True


class TestNobodySignedInAndNoPassword:
    def test_api_refuses_and_the_token_stays_good(self, stranger, token):
        for _ in range(3):
            body = refused(Api().post("email/verify", {"token": token}), 403, "sign_in_to_verify")
        assert "password" in body["detail"]
        assert untouched()
        assert stranger.post("email/verify", {"token": token}, token=stranger.pair["access_token"]).status_code == 204

    def test_page_asks_for_the_password(self, victim, token):
        page = f"/verify-email?token={token}"
        opened = victim.get(page).content.decode()
        assert 'name="password"' in opened
        assert "Did you not register here" in opened
        answer = submit(victim, {"token": token}, page)
        assert answer.status_code == 403
        assert b"Sign in to the account, or give its password" in answer.content
        assert untouched()

    def test_somebody_else_signed_in_counts_as_nobody(self, victim, token):
        other = User.objects.create_user("other@example.org", PASSWORD)
        victim.force_login(other)
        assert submit(victim, {"token": token}, f"/verify-email?token={token}").status_code == 403
        access = Api().login("other@example.org").json()["access_token"]
        refused(Api().post("email/verify", {"token": token}, token=access), 403, "sign_in_to_verify")
        assert User.objects.get(email=VICTIM).verified_by == ""

    def test_account_without_a_password_is_signed_in_to_first(self, victim, token):
        """A stranger's identity at a provider that gave no email_verified."""
        User.objects.update(password="!")
        opened = victim.get(f"/verify-email?token={token}").content.decode()
        assert 'name="password"' not in opened
        assert f"/login?redirect=/verify-email%3Ftoken%3D{token}" in opened
        refused(Api().post("email/verify", {"token": token, "password": "!"}), 401, "invalid_credentials")
        assert User.objects.get().verified_by == ""

    def test_ended_session_and_ended_token_count_for_nothing(self, stranger, token, victim):
        access = stranger.pair["access_token"]
        stranger.post("logout", {"refresh_token": stranger.pair["refresh_token"]})
        refused(Api().post("email/verify", {"token": token}, token=access), 401, "revoked")
        victim.force_login(User.objects.get())
        victim.get("/account")
        Session.objects.update(ended_at=timezone.now())
        assert submit(victim, {"token": token}, f"/verify-email?token={token}").status_code == 403
        assert untouched()


class TestWhoHoldsTheAccount:
    def test_access_token_of_the_account(self, stranger, token):
        assert stranger.post("email/verify", {"token": token}, token=stranger.pair["access_token"]).status_code == 204
        assert (User.objects.get().verified_by, User.objects.get().is_superuser) == ("link", True)

    def test_cookie_of_the_account(self, token):
        browser = Client()
        browser.post("/login", {"email": VICTIM, "password": PASSWORD})
        answer = browser.post("/api/auth/email/verify", {"token": token}, content_type="application/json")
        assert answer.status_code == 204
        assert User.objects.get().verified_by == "link"

    def test_page_of_who_is_signed_in_asks_for_one_click(self, victim, token):
        submit(victim, {"email": VICTIM, "password": PASSWORD}, "/login")
        page = f"/verify-email?token={token}"
        opened = victim.get(page).content.decode()
        assert 'name="password"' not in opened
        assert "Did you not register here" not in opened
        assert b"Your address is confirmed" in submit(victim, {"token": token}, page).content
        assert User.objects.get().verified_by == "link"

    def test_password_of_the_account(self, token):
        assert Api().post("email/verify", {"token": token, "password": PASSWORD}).status_code == 204
        assert (User.objects.get().verified_by, User.objects.get().is_superuser) == ("link", True)

    def test_password_on_the_page(self, victim, token):
        page = f"/verify-email?token={token}"
        wrong = submit(victim, {"token": token, "password": "wrong"}, page)
        assert wrong.status_code == 400
        assert b"This is not your password" in wrong.content
        assert untouched()
        assert b"is confirmed" in submit(victim, {"token": token, "password": PASSWORD}, page).content
        assert User.objects.get().verified_by == "link"

    def test_password_where_sign_in_by_password_is_off(self, token, settings, monkeypatch):
        configure(settings, DISABLE_INTERNAL_AUTH=True)
        only(monkeypatch, seams.other_ways_in, lambda: True)
        assert Api().post("email/verify", {"token": token, "password": PASSWORD}).status_code == 204
        assert User.objects.get().verified_by == "link"

    def test_password_of_somebody_who_waits_for_approval(self, token):
        User.objects.update(status="pending", is_active=False)
        assert Api().post("email/verify", {"token": token, "password": PASSWORD}).status_code == 204
        assert User.objects.get().verified_by == "link"

    def test_suspended_person_proves_nothing(self, token):
        User.objects.update(status="suspended", is_active=False)
        refused(Api().post("email/verify", {"token": token, "password": PASSWORD}), 403, "account_suspended")
        assert untouched()


class TestPasswordIsTriedFiveTimes:
    def test_five_wrong_ones_and_then_no_right_one(self, token, settings):
        configure(settings, RATE_LIMITS=False)
        for _ in range(MailedLink.MOST_TRIES):
            refused(Api().post("email/verify", {"token": token, "password": "wrong"}), 401, "invalid_credentials")
        refused(Api().post("email/verify", {"token": token, "password": PASSWORD}), 403, "sign_in_to_verify")
        assert untouched()

    def test_signing_in_and_starting_anew_still_work_then(self, stranger, token):
        MailedLink.objects.update(tries=MailedLink.MOST_TRIES)
        assert stranger.post("email/verify", {"token": token}, token=stranger.pair["access_token"]).status_code == 204

    def test_tries_count_as_sign_ins_of_the_account_too(self, token):
        for _ in range(10):
            Api().login(VICTIM, "wrong")
        refused(Api().post("email/verify", {"token": token, "password": PASSWORD}), 429, "throttled")
        assert untouched()


class TestWhoDidNotRegister:
    """The link chooses a new password too, and empties the account first."""

    @pytest.fixture
    def _what_the_stranger_holds(self, stranger, token):
        user = User.objects.get()
        Identity.objects.create(user=user, issuer="https://stranger.example", subject="stranger")
        tokens.issue(user, request=stranger.client.get("/login").wsgi_request, method="password")

    @pytest.mark.usefixtures("_what_the_stranger_holds")
    def test_page_leads_to_a_new_password_and_nothing_of_the_stranger_stays(self, stranger, token, victim):
        page = f"/password-reset/confirm?token={token}"
        assert page in victim.get(f"/verify-email?token={token}").content.decode()
        assert b"is emptied first" in victim.get(page).content
        assert b"Your password is changed" in submit(victim, {"token": token, "new": NEW}, page).content
        owner = User.objects.get()
        assert (owner.verified_by, owner.is_superuser, owner.name) == ("link", True, "")
        assert not Identity.objects.exists()
        assert not RefreshToken.objects.exists()
        assert not Session.objects.filter(ended_at=None).exists()
        refused(stranger.login(VICTIM, PASSWORD), 401, "invalid_credentials")
        refused(stranger.get("me", token=stranger.pair["access_token"]), 401, "revoked")
        assert Api().login(VICTIM, NEW).json()["user"]["isAdmin"] is True

    def test_api_too(self, token):
        assert Api().post("password-reset/confirm", {"token": token, "newPassword": NEW}).status_code == 204
        assert (User.objects.get().verified_by, User.objects.get().name) == ("link", "")

    def test_link_chooses_no_password_once_the_address_is_proven(self, token):
        for way in ("link", "provider", "operator", "organization"):
            User.objects.update(verified_by=way)
            refused(Api().post("password-reset/confirm", {"token": token, "newPassword": NEW}), 400, "invalid_request")
        assert User.objects.get().check_password(PASSWORD)

    @pytest.mark.usefixtures("_what_the_stranger_holds")
    def test_where_passwords_are_off_the_account_is_emptied(self, stranger, token, victim, settings, monkeypatch):
        configure(settings, DISABLE_INTERNAL_AUTH=True)
        only(monkeypatch, seams.other_ways_in, lambda: True)
        page = f"/verify-email?token={token}"
        assert b"Choose a password" not in victim.get(page).content
        assert b"yours alone" in submit(victim, {"token": token, "not_mine": "1"}, page).content
        owner = User.objects.get()
        assert (owner.verified_by, owner.has_usable_password(), owner.name) == ("link", False, "")
        assert not Identity.objects.exists()
        assert not Session.objects.filter(ended_at=None).exists()

    def test_where_passwords_are_on_nothing_is_emptied_by_one_click(self, token, victim):
        answer = submit(victim, {"token": token, "not_mine": "1"}, f"/verify-email?token={token}")
        assert answer.status_code == 403
        assert untouched()

    def test_suspended_account_stays_as_it_is(self, token):
        User.objects.update(status="suspended", is_active=False)
        refused(Api().post("password-reset/confirm", {"token": token, "newPassword": NEW}), 400, "invalid_request")


class TestWhatALinkIsFor:
    def test_link_is_void_after_an_administrator_changed_the_address(self, stranger, token, victim):
        user = User.objects.get()
        user.email = "moved@example.org"
        user.save()
        access = stranger.pair["access_token"]
        refused(stranger.post("email/verify", {"token": token}, token=access), 400, "invalid_request")
        refused(Api().post("password-reset/confirm", {"token": token, "newPassword": NEW}), 400, "invalid_request")
        assert victim.get(f"/verify-email?token={token}").status_code == 400

    def test_links_are_void_once_the_address_was_proven_otherwise(self, stranger, token, rf):
        verification.mark(User.objects.get(), by=verification.VerifiedBy.PROVIDER, request=rf.get("/"))
        refused(
            stranger.post("email/verify", {"token": token}, token=stranger.pair["access_token"]),
            400,
            "invalid_request",
        )

    def test_opening_the_page_changes_nothing(self, token, victim):
        for _ in range(3):
            assert victim.get(f"/verify-email?token={token}").status_code == 200
            assert victim.head(f"/verify-email?token={token}").status_code == 200
            assert victim.get(f"/password-reset/confirm?token={token}").status_code == 200
        assert untouched()
        assert MailedLink.objects.get().used_at is None

    def test_expired_link(self, stranger, token):
        MailedLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        refused(
            stranger.post("email/verify", {"token": token}, token=stranger.pair["access_token"]),
            400,
            "invalid_request",
        )
