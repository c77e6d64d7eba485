"""POST register and the mailed link: through HTTP."""

import re
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail

from accounts import administrator
from accounts.models import Session, SignInPolicy, User
from fairlead.web import seams
from tests.accounts.conftest import PASSWORD, refused
from tests.configure import configure
from tests.registries import only

pytestmark = pytest.mark.django_db
NEW = {"email": "New.Person@Example.org", "password": PASSWORD, "name": "New Person"}


def mailed_token(position=-1):
    return re.search(r"token=(\S+)", mail.outbox[position].body).group(1)


def verify(api, token, password=PASSWORD):
    return api.post("email/verify", {"token": token, "password": password})


def test_registering_answers_tokens_and_mails_a_link(api, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = api.post("register", NEW)
    body = response.json()
    assert response.status_code == 201
    assert set(body) == {"access_token", "refresh_token", "user"}
    assert (body["user"]["email"], body["user"]["emailVerified"]) == ("New.Person@Example.org", False)
    assert body["user"]["isAdmin"] is False
    assert mail.outbox[0].to == ["New.Person@Example.org"]
    assert api.get("me", token=body["access_token"]).json()["emailVerified"] is False
    assert verify(api, mailed_token()).status_code == 204
    assert api.get("me", token=body["access_token"]).json()["emailVerified"] is True


def test_the_mailed_link_works_once(api, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        api.post("register", NEW)
    assert verify(api, mailed_token()).status_code == 204
    refused(verify(api, mailed_token()), 400, "invalid_request")


@pytest.mark.parametrize("again", ["new.person@example.org", "NEW.PERSON@EXAMPLE.ORG", "New.Person@Example.org"])
def test_an_address_is_taken_whatever_its_case(api, again):
    api.post("register", NEW)
    refused(api.post("register", {**NEW, "email": again}), 409, "email_taken")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "email", ["new.per\u017fon@example.org", "new.person@example.\u217drg", "new.person@exam\u200bple.org"]
)
def test_look_alikes_are_refused(api, email):
    refused(api.post("register", {**NEW, "email": email}), 400, "invalid_request")


@pytest.mark.parametrize(
    "email",
    ["x", "x@", "@example.org", "a@b@example.org", "a b@example.org", "a@[127.0.0.1]", "a@127.0.0.1", "a@example..org",
     '"a b"@example.org', "a@example.org\nBcc: b@example.org", "a" * 65 + "@example.org", "a@" + "b" * 250 + ".org",
     "a.@example.org", "a@-example.org", "a@example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(api, email):
    assert "email" in refused(api.post("register", {**NEW, "email": email}), 400, "invalid_request")["errors"]


@pytest.mark.parametrize(
    "password", ["short", "12345678901", "password123", "new.person@example.org", "New Person", "x" * 129]
)
def test_bad_passwords_are_refused_with_the_reason(api, password):
    errors = refused(api.post("register", {**NEW, "password": password}), 400, "invalid_request")["errors"]
    assert errors["password"]
    assert not User.objects.exists()


def test_a_password_of_128_characters_with_spaces_is_taken_as_it_stands(api):
    password = "  spaces kept  " + "y" * 113
    assert api.post("register", {**NEW, "password": password}).status_code == 201
    assert api.login(NEW["email"], password).status_code == 200
    assert api.login(NEW["email"], password.strip()).status_code == 401


def test_in_review_mode_there_are_no_tokens(api, settings):
    configure(settings, USER_SIGNUP="review")
    response = api.post("register", NEW)
    assert response.status_code == 201
    assert set(response.json()) == {"user", "message"}
    assert response.json()["user"]["status"] == "pending"
    assert not Session.objects.exists()
    refused(api.login(NEW["email"]), 403, "account_pending")


def test_registration_is_closed_where_the_policy_says_so(api, settings):
    configure(settings, USER_SIGNUP="disabled")
    refused(api.post("register", NEW), 403, "signup_disabled")
    assert not User.objects.exists()


def test_a_closed_registration_does_not_tell_which_addresses_exist(api, settings, person):
    configure(settings, USER_SIGNUP="disabled")
    refused(api.post("register", {**NEW, "email": person.email}), 403, "signup_disabled")


def test_the_admins_row_decides_where_the_environment_is_silent(api, settings):
    SignInPolicy.objects.create(registration_mode="review")
    assert api.get("registration-mode").json() == {"mode": "review"}
    configure(settings, USER_SIGNUP="disabled")
    assert api.get("registration-mode").json() == {"mode": "disabled"}
    SignInPolicy.objects.all().delete()
    configure(settings, USER_SIGNUP=None)
    assert api.get("registration-mode").json() == {"mode": "enabled"}


def test_only_listed_domains_may_register(api, settings):
    configure(settings, SIGNUP_EMAIL_DOMAINS=("Company.example",))
    refused(api.post("register", NEW), 403, "signup_disabled")
    refused(api.post("register", {**NEW, "email": "a@sub.company.example"}), 403, "signup_disabled")
    assert api.post("register", {**NEW, "email": "a@company.EXAMPLE"}).status_code == 201


def test_an_empty_list_of_domains_lets_nobody_in(api):
    SignInPolicy.objects.create(signup_email_domains=[])
    refused(api.post("register", NEW), 403, "signup_disabled")


def test_register_is_limited_per_network(api):
    codes = [api.post("register", {**NEW, "email": f"n{n}@example.org"}).status_code for n in range(6)]
    assert codes == [201] * 5 + [429]


def test_without_local_sign_in_register_and_login_are_refused(api, settings, person, monkeypatch):
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    only(monkeypatch, seams.other_ways_in, lambda: True)
    refused(api.post("register", NEW), 403, "password_login_disabled")
    refused(api.login(), 403, "password_login_disabled")
    refused(api.login(password="wrong"), 403, "password_login_disabled")
    only(monkeypatch, seams.other_ways_in, lambda: False)
    assert api.login().status_code == 200


def test_a_mail_that_cannot_be_sent_fails_nobody(api, monkeypatch, caplog, django_capture_on_commit_callbacks):
    def send(self, **_):
        raise SMTPServerDisconnected("secret host name")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    with django_capture_on_commit_callbacks(execute=True):
        assert api.post("register", NEW).status_code == 201
    assert [record.getMessage() for record in caplog.records].count("mail not sent yet") == 1
    assert "secret host name" not in caplog.text


def test_the_administrator_by_setting_is_one_only_once_the_address_is_proven(
    api, settings, django_capture_on_commit_callbacks
):
    configure(settings, ADMIN_EMAIL="new.person@example.org")
    configure(settings, USER_SIGNUP="review")
    with django_capture_on_commit_callbacks(execute=True):
        assert api.post("register", NEW).json()["user"]["isAdmin"] is False
    assert verify(api, mailed_token()).status_code == 204
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.status) == (True, True, "active")


def test_a_suspended_person_does_not_become_administrator_by_a_link(api, settings, django_capture_on_commit_callbacks):
    configure(settings, ADMIN_EMAIL="new.person@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        api.post("register", NEW)
    User.objects.update(status="suspended", is_active=False)
    refused(verify(api, mailed_token()), 403, "account_suspended")
    user = User.objects.get()
    assert (user.is_staff, user.status, user.email_verified) == (False, "suspended", False)


def test_where_everybody_is_known_a_typed_address_counts(api, settings):
    configure(settings, TRUST_LOCAL_EMAIL=True)
    assert api.post("register", NEW).json()["user"]["emailVerified"] is True
    assert not mail.outbox


def test_claims_cannot_be_set_at_registration(api):
    api.post("register", {**NEW, "is_staff": True, "isAdmin": True, "status": "active", "emailVerified": True})
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.email_verified) == (False, False, False)


def test_an_address_that_nobody_proved_makes_no_administrator(settings, db):
    configure(settings, ADMIN_EMAIL="Owner@example.org")
    user = User.objects.create_user("owner@EXAMPLE.org", PASSWORD)
    for way in ("", "typed", "operator", "organization"):
        user.verified_by = way
        assert administrator.promote(user) is False
        assert User.objects.get().is_staff is False
    user.verified_by = "link"
    assert administrator.promote(user) is True
    assert administrator.promote(user) is False
    assert User.objects.get().is_superuser is True
