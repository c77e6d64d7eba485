"""How often passwords may be tried, at every door that proves one; and what a full house of them is told."""

import ast
import re
import threading

import pytest
import time_machine
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate, hashers
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Session, User
from accounts.passwords import hashing
from config import settings as site
from tests.accounts.conftest import PASSWORD, refused
from tests.configure import configure
from tests.held_places import held_by_another
from tests.house import ROOT, sources

pytestmark = pytest.mark.django_db
WRONG = "almost my password"
NEW = "another long enough one"


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as travelled:
        yield travelled


def test_guesses_with_a_new_address_each_are_counted_by_their_network(api, person, clock):
    answers = [api.login(f"victim-{number}@example.org", WRONG) for number in range(57)]
    assert [each.status_code for each in answers] == [401] * 50 + [429] * 7
    for each in answers[50:]:
        refused(each, 429, "throttled")
        assert 1 <= int(each.headers["Retry-After"]) <= 121
    assert api.login().status_code == 429
    api.client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert api.login().status_code == 200


@pytest.mark.parametrize(
    ("addresses", "statuses"),
    [
        ([f"2001:db8:0:1::{number:x}" for number in range(6)], [401] * 5 + [429]),
        (["192.0.2.9", "::ffff:192.0.2.9"] * 3, [401] * 5 + [429]),
        ([f"2001:db8:0:{number:x}::1" for number in range(6)], [401] * 6),
    ],
    ids=["one-64", "mapped", "six-64"],
)
def test_a_network_of_64_bits_is_one_client(api, person, clock, addresses, statuses):
    found = []
    for address in addresses:
        api.client.defaults["REMOTE_ADDR"] = address
        found.append(api.login(password=WRONG).status_code)
    assert found == statuses


def test_the_pair_is_locked_and_the_account_for_nobody_else(api, person, clock):
    for spelling in ("person@example.org", "PERSON@example.org", "person@EXAMPLE.ORG") * 2:
        last = api.login(spelling, WRONG)
    refused(last, 429, "throttled")
    refused(api.login(), 429, "throttled")
    assert api.login("other@example.org").status_code == 401
    api.client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert api.login().status_code == 200


def test_the_wait_that_a_refusal_names_is_the_whole_wait(api, person, clock):
    """Refused attempts in between do not lengthen it, and no second limit stands behind the first."""
    for _ in range(6):
        waits = []
        while (answer := api.login(password=WRONG)).status_code == 401:
            clock.shift(1)
        waits.append(int(answer.headers["Retry-After"]))
        for _ in range(30):
            waits.append(int(api.login(password=WRONG).headers["Retry-After"]))
        assert set(waits) == {waits[0]}
        clock.shift(waits[0] - 2)
        assert int(api.login(password=WRONG).headers["Retry-After"]) <= 2
        clock.shift(2)
        assert api.login(password=WRONG).status_code == 401


def test_the_long_window_holds_where_the_short_one_lets_through(api, person, clock):
    waited = []
    for _ in range(21):
        if (answer := api.login(password=WRONG)).status_code == 429:
            waited.append(int(answer.headers["Retry-After"]))
        clock.shift(30)
    assert max(waited) > 72  # a minute and a fifth: the longest that the short one makes anybody wait
    clock.shift(max(waited))
    assert api.login().status_code == 200


def test_limits_are_settings(api, person, clock, settings):
    configure(settings, RATE_LIMIT_LOGIN=["2/60"], RATE_LIMIT_LOGIN_PER_NETWORK=["3/60"])
    assert [api.login(password=WRONG).status_code for _ in range(3)] == [401, 401, 429]
    assert [api.login("b@example.org", WRONG).status_code for _ in range(2)] == [401, 429]


def test_right_passwords_use_nothing_up_and_forget_no_failure(api, person, clock, settings):
    configure(settings, RATE_LIMIT_LOGIN_PER_NETWORK=["12/60"])
    User.objects.create_user("attacker@example.org", PASSWORD)
    assert [api.login().status_code for _ in range(13)] == [200] * 13
    statuses = []
    for number in range(13):
        statuses.append(api.login(f"victim-{number}@example.org", WRONG).status_code)
        if number < 12:
            assert api.login("attacker@example.org").status_code in {200, 429}
    assert statuses == [401] * 12 + [429]


def page(client, path, **form):
    return client.post(path, form)


def token_mailed(path):
    for message in mail.outbox:
        if found := re.search(rf"{path}\?token=(\S+)", message.body):
            return found.group(1)
    raise AssertionError(f"no mail names {path}")


def posted(browser, token, path, /, **body):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return browser.post(f"/api/auth/{path}", body, content_type="application/json", headers=headers)


# Every door that proves a password: what it answers to the right one.
DOORS = {
    "login": lambda browser, token, link: posted(browser, "", "login", email="person@example.org", password=PASSWORD),
    "login page": lambda browser, token, link: page(Client(), "/login", email="person@example.org", password=PASSWORD),
    "change-password": lambda browser, token, link: posted(
        browser, token, "change-password", currentPassword=PASSWORD, newPassword=NEW
    ),
    "change-password page": lambda browser, token, link: page(
        browser, "/account/password", **{"password-current": PASSWORD, "password-new": NEW}
    ),
    "email/change": lambda browser, token, link: posted(
        browser, token, "email/change", newEmail="new@example.org", password=PASSWORD
    ),
    "email/change page": lambda browser, token, link: page(
        browser, "/account/email", **{"email-new_email": "new@example.org", "email-password": PASSWORD}
    ),
    "email/verify": lambda browser, token, link: posted(Client(), "", "email/verify", token=link, password=PASSWORD),
    "email/verify page": lambda browser, token, link: page(
        Client(), "/verify-email", token=link, action="verify", password=PASSWORD
    ),
}


@pytest.fixture
def unverified(db, django_capture_on_commit_callbacks):
    """A browser that is signed in, an access token, and the link that verifies the address."""
    with django_capture_on_commit_callbacks(execute=True):
        body = {"email": "person@example.org", "password": PASSWORD, "name": "Person"}
        token = posted(Client(), "", "register", **body).json()["access_token"]
    browser = Client()
    assert page(browser, "/login", email="person@example.org", password=PASSWORD).status_code == 302
    return browser, token, token_mailed("/verify-email")


@pytest.mark.parametrize("door", DOORS)
def test_every_door_that_proves_a_password_counts(unverified, clock, door):
    for _ in range(5):
        posted(Client(), "", "login", email="person@example.org", password=WRONG)
    answer = DOORS[door](*unverified)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("door", DOORS)
def test_every_door_lets_the_right_password_in(unverified, door):
    assert DOORS[door](*unverified).status_code in {200, 202, 204, 302}


def test_login_form_of_django_counts_too(person, clock, rf):
    """The form that a project's own admin has: it knows nothing of us."""

    def form(password):
        request = rf.post("/admin/login/", {"username": "person@example.org", "password": password})
        return AdminAuthenticationForm(request, data=request.POST)

    User.objects.update(is_staff=True)
    assert form(PASSWORD).is_valid()
    for _ in range(5):
        assert not form(WRONG).is_valid()
    assert not form(PASSWORD).is_valid()


def test_passwords_are_proven_in_one_place_alone():
    """Whoever adds a door goes through it, or stands in this list."""
    calls = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                if name in {"authenticate", "check_password", "verify_password"}:
                    calls.add((path.relative_to(ROOT).as_posix(), name))
    assert calls == {
        ("accounts/passwords/proof.py", "authenticate"),
        ("accounts/backends.py", "check_password"),
        ("accounts/models/user.py", "verify_password"),
        ("fairlead/orgs/authentication.py", "authenticate"),  # DRF's: a bearer token
        ("oidc_login/backends.py", "authenticate"),  # mozilla's: a code, not a password
        ("oidc_login/flow/other_backends.py", "authenticate"),  # without a password
        ("oidc_login/people.py", "authenticate"),  # a host's own people
    }


@pytest.fixture
def full(monkeypatch):
    """Every thread that hashes is busy, and every place behind it taken."""
    hashing.start_again()
    monkeypatch.setattr(hashing, "WAIT", 0.05)
    with held_by_another(hashing.of_this_process(), count=4):
        yield
    hashing.start_again()


@pytest.mark.parametrize("email", ["person@example.org", "nobody@example.org"])
def test_where_all_places_for_hashing_are_taken_a_sign_in_is_told_before_any_query(api, person, full, email):
    with CaptureQueriesContext(connection) as queries:
        answer = api.login(email)
    refused(answer, 429, "throttled")
    assert int(answer.headers["Retry-After"]) >= 1
    assert not queries.captured_queries
    assert not Session.objects.exists()


def test_where_all_places_are_taken_nothing_is_used_up(unverified, full):
    assert [DOORS["email/verify"](*unverified).status_code for _ in range(6)] == [429] * 6
    hashing.start_again()
    assert DOORS["email/verify"](*unverified).status_code == 204


def test_no_more_hash_at_once_than_there_are_threads_for_it(settings, monkeypatch):
    configure(settings, PASSWORD_HASH_THREADS=2)
    hashing.start_again()
    lock, now, most = threading.Lock(), 0, 0
    pause = threading.Event()
    original = hashers.MD5PasswordHasher.encode

    def encode(self, password, salt):
        nonlocal now, most
        with lock:
            now, most = now + 1, max(most, now + 1)
        pause.wait(0.05)
        with lock:
            now -= 1
        return original(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", encode)
    threads = [threading.Thread(target=lambda: User().set_password(PASSWORD)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
    hashing.start_again()


def test_hashes_have_the_parameters_of_owasp(api, person, settings):
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS
    heavier = "argon2$argon2id$v=19$m=102400,t=2,p=8$"
    User.objects.update(password=hashers.Argon2PasswordHasher().encode(PASSWORD, "oldsaltoldsaltold"))
    assert User.objects.get().password.startswith(heavier)
    assert api.login().status_code == 200
    assert User.objects.get().password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert api.login().status_code == 200


def test_without_a_request_nothing_is_counted(person, clock):
    for _ in range(8):
        assert authenticate(None, username="person@example.org", password=WRONG) is None
    assert authenticate(None, username="person@example.org", password=PASSWORD) == person
