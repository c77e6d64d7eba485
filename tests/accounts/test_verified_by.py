"""How an address was verified is stored, and each way is good for what the contract says, and for nothing else."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts import administrator
from accounts.email import verification
from accounts.models import MailedLink, User
from accounts.people import People
from fairlead.audit.models import AuditEvent
from fairlead.verified_by import VerifiedBy
from tests.accounts.conftest import PASSWORD, Api, refused
from tests.configure import configure

pytestmark = pytest.mark.django_db
NEW = {"email": "new@example.org", "password": PASSWORD, "name": "New Person"}


def made(**fields):
    return User.objects.create_user("person@example.org", PASSWORD, **fields)


class TestNobodyIsVerifiedByDefault:
    def test_create_user(self):
        assert (made().verified_by, made_again().email_verified) == ("", False)
        assert not User(email="x@example.org").email_verified

    def test_create_superuser_is_an_operators(self, monkeypatch):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
        call_command("createsuperuser", "--email", "First@Example.org", "--no-input", verbosity=0)
        assert User.objects.get().verified_by == "operator"

    def test_unknown_way_is_refused_by_the_database(self):
        made()
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.update(verified_by="claimed")

    def test_registration(self, api):
        assert api.post("register", NEW).json()["user"]["emailVerified"] is False
        assert User.objects.get().verified_by == ""


def made_again():
    return User.objects.get()


class TestTypedIsTrustedNotProven:
    @pytest.fixture(autouse=True)
    def _everybody_is_known(self, settings):
        configure(settings, TRUST_LOCAL_EMAIL=True, ADMIN_EMAIL=NEW["email"])

    def test_it_counts_as_verified_and_makes_no_administrator(self, api):
        user = api.post("register", NEW).json()["user"]
        assert (user["emailVerified"], user["isAdmin"]) == (True, False)
        assert User.objects.get().verified_by == "typed"
        assert not MailedLink.objects.exists()

    def test_reset_makes_the_owner_administrator_and_leaves_the_typist_nothing(
        self, api, django_capture_on_commit_callbacks
    ):
        typist = api.post("register", NEW).json()
        with django_capture_on_commit_callbacks(execute=True):
            api.post("password-reset", {"email": NEW["email"]})
        token = re.search(r"token=(\S+)", mail.outbox[-1].body).group(1)
        body = {"token": token, "newPassword": "an entirely new password"}
        assert Api().post("password-reset/confirm", body).status_code == 204
        user = User.objects.get()
        assert (user.verified_by, user.is_superuser, user.name) == ("link", True, "")
        refused(api.get("me", token=typist["access_token"]), 401, "revoked")

    def test_provider_that_proves_it_later_promotes_nobody(self, api, rf):
        """The typed password would be an administrator's."""
        api.post("register", NEW)
        user = User.objects.get()
        People().update(user, verified_by=VerifiedBy.PROVIDER, request=rf.get("/"))
        People().promote(user, request=rf.get("/"))
        user.refresh_from_db()
        assert (user.verified_by, user.is_staff) == ("typed", False)

    def test_linking_knows_that_it_is_not_enough_for_an_administrator(self, api, settings):
        api.post("register", NEW)
        user = User.objects.get()
        assert People().state(user).verified_by is VerifiedBy.NOTHING
        configure(settings, ADMIN_EMAIL="somebody@example.org")
        assert People().state(user).verified_by is VerifiedBy.TYPED
        user.is_staff = True
        assert People().state(user).verified_by is VerifiedBy.NOTHING


class TestWhoBecomesAdministrator:
    @pytest.mark.parametrize("way", VerifiedBy)
    def test_by_provider_and_link_alone(self, settings, way):
        configure(settings, ADMIN_EMAIL="person@example.org")
        user = made(verified_by=way)
        assert administrator.promote(user) is (way in {VerifiedBy.PROVIDER, VerifiedBy.LINK})
        assert User.objects.get().is_superuser is (way in {VerifiedBy.PROVIDER, VerifiedBy.LINK})

    def test_provider_of_an_organization_promotes_nobody(self, settings, rf):
        configure(settings, ADMIN_EMAIL="person@example.org")
        user = made()
        verification.mark(user, by=VerifiedBy.ORGANIZATION, request=rf.get("/"))
        assert (User.objects.get().verified_by, User.objects.get().is_staff) == ("organization", False)

    def test_somebody_else_is_not_promoted(self, settings, rf):
        configure(settings, ADMIN_EMAIL="owner@example.org")
        People().promote(made(), request=rf.get("/"))
        assert (User.objects.get().is_staff, User.objects.get().verified_by) == (False, "")


class TestVerifyingAgain:
    WORSE_TO_BETTER = ["", "organization", "operator", "link", "provider"]

    @pytest.mark.parametrize("before", [*WORSE_TO_BETTER, "typed"])
    @pytest.mark.parametrize("by", ["organization", "operator", "link", "provider"])
    def test_better_way_replaces_and_a_worse_one_does_not(self, rf, before, by):
        user = made(verified_by=before)
        verification.mark(user, by=VerifiedBy(by), request=rf.get("/"))
        order = self.WORSE_TO_BETTER
        replaced = before != "typed" and order.index(before) < order.index(by)
        assert User.objects.get().verified_by == user.verified_by == (by if replaced else before)
        assert AuditEvent.objects.filter(event="email_verified").count() == replaced

    def test_wiped_account_is_verified_by_nothing(self, rf):
        user = made(verified_by="typed")
        assert People().wipe_unverified(user, request=rf.get("/")) is True
        assert User.objects.get().verified_by == ""
