"""Every door of accounts puts its refusals on record: for programs, for people, and for a host's own login form."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.views import LoginView
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from accounts import account_status
from accounts.models import Session, User
from fairlead.audit import addresses
from fairlead.audit.models import Refusal
from fairlead.credentials import secrets
from tests.accounts.conftest import PASSWORD
from tests.configure import configure

pytestmark = pytest.mark.django_db


def recorded(response: HttpResponse) -> Refusal:
    """The one refusal of a request; its id is what the answer says."""
    row = Refusal.objects.get(request_id=response["X-Request-Id"])
    assert row.pk == response["X-Request-Id"]
    return row


def suspended(user: User) -> None:
    account_status.change(user, User.Status.SUSPENDED, actor=None)


def without_password(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password="!")


def of_another_kind(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password="scrypt_of_old$x$y")


WRONG = [
    (None, "wrong", "password.wrong"),
    (without_password, PASSWORD, "password.none"),
    (of_another_kind, PASSWORD, "password.kind_not_accepted"),
    (suspended, PASSWORD, "account.suspended"),
]


@pytest.mark.parametrize(("before", "password", "cause"), WRONG)
@pytest.mark.parametrize("door", ["login", "page"])
def test_a_refused_password_names_the_account_and_the_reason(api, client, person, before, password, cause, door):
    if before:
        before(person)
    if door == "login":
        response = api.login(password=password)
    else:
        response = client.post("/login", {"email": "PERSON@example.org", "password": password})
    row = recorded(response)
    assert (row.cause, row.person_id) == (cause, str(person.pk))
    assert row.address_hmac == addresses.digest("person@example.org")
    assert row.door == ("accounts:api-login" if door == "login" else "accounts:login")


def test_an_unknown_address_is_found_by_its_hmac(api):
    row = recorded(api.login("nobody@example.org"))
    assert (row.cause, row.person_id) == ("password.address_unknown", "")
    assert row.address_hmac == addresses.digest("Nobody@example.org")


def test_a_lockout_and_passwords_that_are_off(api, person, settings):
    for _ in range(5):
        api.login(password="wrong")
    row = recorded(api.login())
    assert (row.code, row.cause) == ("throttled", "password.throttled")
    assert row.facts["wait"] > 0


def test_registration(api, person, settings):
    def register(email):
        return api.post("register", {"email": email, "password": PASSWORD, "name": "A"})

    assert recorded(register("person@example.org")).cause == "registration.address_taken"
    configure(settings, SIGNUP_EMAIL_DOMAINS=["example.com"])
    assert recorded(register("new@example.org")).cause == "registration.domain"
    configure(settings, USER_SIGNUP="disabled")
    assert recorded(register("new@example.org")).cause == "registration.closed"
    page = {"email": "new@example.org", "password": PASSWORD, "name": "A"}
    assert recorded(api.client.post("/register", page)).cause == "registration.closed"


def test_refresh_says_what_became_of_the_session(api, person, settings):
    configure(settings, REFRESH_REUSE_GRACE=0)

    def refresh(token):
        return api.post("refresh", {"refresh_token": token})

    def signed_in():
        return api.login().json()["refresh_token"]

    assert recorded(refresh(secrets.mint("flr").plaintext)).cause == "refresh_token.unknown"
    used = signed_in()
    refresh(used)
    row = recorded(refresh(used))
    assert (row.cause, row.person_id) == ("refresh_token.reused", str(person.pk))
    assert recorded(refresh(used)).cause == "refresh_token.unknown"
    token = signed_in()
    Session.objects.update(expires_at=timezone.now())
    assert recorded(refresh(token)).cause == "refresh_token.ended"
    token = signed_in()
    User.objects.filter(pk=person.pk).update(status="suspended", is_active=False)
    assert recorded(refresh(token)).cause == "refresh_token.not_active"


def test_mailed_links(api, person):
    body = {"token": "flm_nonsense", "newPassword": PASSWORD}
    assert recorded(api.post("password-reset/confirm", body)).cause == "mailed_link.unknown"
    assert recorded(api.client.get("/password-reset/confirm?token=x")).cause == "mailed_link.unknown"
    assert recorded(api.client.get("/verify-email?token=x")).cause == "mailed_link.unknown"
    assert recorded(api.client.get("/account/email/not-me?token=x")).cause == "mailed_link.unknown"
    assert recorded(api.post("email/verify", {"token": "x"})).cause == "mailed_link.unknown"


def test_requests_that_come_too_often(api):
    for _ in range(5):
        api.post("register", {})
    row = recorded(api.post("register", {}))
    assert (row.code, row.cause, row.door) == ("throttled", "rate_limit.full", "accounts:api-register")


def test_the_administration_and_forms_of_others(client, person):
    client.force_login(person, backend="accounts.backends.PasswordBackend")
    page = client.get("/login?redirect=/admin/")
    row = recorded(page)
    assert (row.cause, row.person_id) == ("admin.not_staff", str(person.pk))
    assert row.pk in page.content.decode()
    page = Client(enforce_csrf_checks=True).post("/login", {}, headers={"accept": "text/html"})
    assert recorded(page).cause == "page.csrf"
    assert recorded(page).pk in page.content.decode()


def _tries_and_breaks(request: HttpRequest) -> HttpResponse:
    authenticate(request, username="person@example.org", password="wrong")
    raise RuntimeError("the rest of the host's view")


urlpatterns = [path("host/login", LoginView.as_view()), path("host/breaks", _tries_and_breaks)]


@pytest.mark.django_db(transaction=True)
def test_a_form_of_a_host_in_a_transaction_that_is_rolled_back(person, settings, monkeypatch):
    """A form that knows nothing of us (an admin's, say): the backend tells."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)
    client = Client(raise_request_exception=False)
    assert client.post("/host/breaks").status_code == 500
    row = Refusal.objects.get()
    assert (row.cause, row.person_id) == ("password.wrong", str(person.pk))
