"""Profile, password, e-mail, devices: through HTTP."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.email import links
from accounts.models import MailedLink, Session, User
from accounts.sessions import tokens
from fairlead.audit.models import AuditEvent
from fairlead.web import seams
from oidc_login.models import Identity
from tests.accounts.conftest import PASSWORD, Api, refused
from tests.configure import configure
from tests.registries import only

pytestmark = pytest.mark.django_db
NEW = "an entirely new password"
ALL = [
    ("get", "me"),
    ("patch", "profile"),
    ("post", "profile/image"),
    ("delete", "profile/image"),
    ("post", "change-password"),
    ("post", "set-password"),
    ("post", "email/verify/send"),
    ("post", "email/change"),
    ("get", "sessions"),
    ("delete", "sessions"),
    ("delete", "sessions/00000000-0000-0000-0000-000000000000"),
]


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """Call and run what waits for the commit."""

    def call(function, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*args, **kwargs)

    return call


@pytest.fixture
def token(api, person):
    return api.login().json()["access_token"]


def of_provider(user):
    request = RequestFactory().get("/")
    return tokens.issue(user, request=request, method="provider", provider="default").access_token


def mailed_token(position=-1):
    return re.search(r"token=(\S+)", mail.outbox[position].body).group(1)


@pytest.mark.parametrize(("method", "path"), ALL)
def test_every_door_wants_an_access_token(api, method, path):
    refused(api.call(method, path, {} if method in {"post", "patch"} else None), 401, "not_authenticated")


def test_a_name_is_changed_and_belongs_to_the_person_from_then_on(api, person, token):
    response = api.call("patch", "profile", {"name": "  Another\u00a0 Name "}, token=token)
    assert response.json()["name"] == "Another Name"
    assert User.objects.get().name_source == "person"
    assert api.get("me", token=token).json()["name"] == "Another Name"


@pytest.mark.parametrize("name", ["", "   ", "x" * 151, "a\u202eb", "a\x07b", "\x00", None, 5])
def test_a_name_is_visible_text_of_at_most_150_characters(api, token, name):
    assert (
        "name" in refused(api.call("patch", "profile", {"name": name}, token=token), 400, "invalid_request")["errors"]
    )


def test_nothing_but_the_name_is_changed_by_the_profile(api, person, token):
    api.call(
        "patch", "profile", {"name": "X", "isAdmin": True, "status": "active", "email": "x@example.org"}, token=token
    )
    changed = User.objects.get()
    assert (changed.is_staff, changed.email) == (False, person.email)


def test_changing_the_password_ends_every_other_session(api, person, token, run):
    other = Api().login().json()
    response = run(api.post, "change-password", {"currentPassword": PASSWORD, "newPassword": NEW}, token=token)
    assert response.status_code == 204
    assert api.get("me", token=token).status_code == 200
    refused(api.get("me", token=other["access_token"]), 401, "revoked")
    refused(api.post("refresh", {"refresh_token": other["refresh_token"]}), 401, "refresh_token_invalid")
    refused(api.login(), 401, "invalid_credentials")
    assert api.login(password=NEW).status_code == 200
    assert "was changed" in mail.outbox[-1].subject


def test_changing_the_password_wants_the_current_one_and_a_good_new_one(api, token):
    body = {"currentPassword": "wrong", "newPassword": NEW}
    refused(api.post("change-password", body, token=token), 401, "invalid_credentials")
    body = {"currentPassword": PASSWORD, "newPassword": "short"}
    assert "newPassword" in refused(api.post("change-password", body, token=token), 400, "invalid_request")["errors"]
    assert api.login().status_code == 200


def test_an_account_without_a_password_sets_one_right_after_a_provider_sign_in(api, time_machine):
    user = User.objects.create_user("provider@example.org", None)
    token = of_provider(user)
    refused(
        api.post("change-password", {"currentPassword": "x", "newPassword": NEW}, token=token),
        400,
        "password_not_available",
    )
    assert (
        "newPassword"
        in refused(api.post("set-password", {"newPassword": "short"}, token=token), 400, "invalid_request")["errors"]
    )
    assert api.post("set-password", {"newPassword": NEW}, token=token).status_code == 204
    assert api.login("provider@example.org", NEW).status_code == 200
    refused(api.post("set-password", {"newPassword": NEW}, token=token), 400, "invalid_request")


def test_a_first_password_wants_a_fresh_provider_sign_in(api):
    user = User.objects.create_user("provider@example.org", None)
    token = of_provider(user)
    Session.objects.update(authenticated_at=timezone.now() - timedelta(minutes=5, seconds=1))
    refused(api.post("set-password", {"newPassword": NEW}, token=token), 403, "fresh_sign_in_required")
    Session.objects.update(authenticated_at=timezone.now(), method="link")
    refused(api.post("set-password", {"newPassword": NEW}, token=token), 403, "fresh_sign_in_required")


def test_without_local_sign_in_no_password_is_changed_set_or_reset(api, person, token, settings, monkeypatch):
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    only(monkeypatch, seams.other_ways_in, lambda: True)
    for path, body in (
        ("change-password", {"currentPassword": PASSWORD, "newPassword": NEW}),
        ("set-password", {"newPassword": NEW}),
        ("password-reset", {"email": person.email}),
        ("password-reset/confirm", {"token": "x", "newPassword": NEW}),
    ):
        refused(api.post(path, body, token=token), 403, "password_login_disabled")
    assert not mail.outbox


def test_devices_are_listed_and_ended(api, person, token, run):
    other = Api()
    other_token = other.login().json()["access_token"]
    listed = api.get("sessions", token=token).json()
    assert [each["current"] for each in listed].count(True) == 1
    assert set(listed[0]) == {
        "id",
        "kind",
        "device",
        "method",
        "provider",
        "startedAt",
        "lastSeenAt",
        "expiresAt",
        "current",
    }
    its_id = next(each["id"] for each in listed if not each["current"])
    assert run(api.call, "delete", f"sessions/{its_id}", token=token).status_code == 204
    refused(api.get("me", token=other_token), 401, "revoked")
    refused(api.call("delete", f"sessions/{its_id}", token=token), 404, "not_found")
    third = other.login().json()["access_token"]
    assert run(api.call, "delete", "sessions", token=token).status_code == 204
    refused(api.get("me", token=third), 401, "revoked")
    assert len(api.get("sessions", token=token).json()) == 1


def test_nobody_ends_another_persons_session(api, token):
    other = User.objects.create_user("other@example.org", PASSWORD)
    its = tokens.issue(other, request=RequestFactory().get("/"), method="password").session
    refused(api.call("delete", f"sessions/{its.pk}", token=token), 404, "not_found")
    refused(api.call("delete", "sessions/nonsense", token=token), 404, "not_found")
    assert Session.objects.get(pk=its.pk).ended_at is None


def test_the_address_is_verified_by_the_mailed_link_once(api, person, token, run):
    User.objects.update(verified_by="")
    assert run(api.post, "email/verify/send", token=token).status_code == 204
    assert api.post("email/verify", {"token": mailed_token()}, token=token).status_code == 204
    assert api.get("me", token=token).json()["emailVerified"] is True
    assert "token" in refused(api.post("email/verify", {"token": mailed_token()}), 400, "invalid_request")["errors"]
    mail.outbox.clear()
    assert run(api.post, "email/verify/send", token=token).status_code == 204
    assert not mail.outbox


def test_a_newer_verification_link_takes_back_the_older(api, person, token, run):
    User.objects.update(verified_by="")
    run(api.post, "email/verify/send", token=token)
    run(api.post, "email/verify/send", token=token)
    refused(api.post("email/verify", {"token": mailed_token(0)}), 400, "invalid_request")
    assert api.post("email/verify", {"token": mailed_token(1)}, token=token).status_code == 204


def test_five_mails_an_hour(api, person, token):
    User.objects.update(verified_by="")
    codes = [api.post("email/verify/send", token=token).status_code for _ in range(6)]
    assert codes == [204] * 5 + [429]


@pytest.mark.parametrize("bad", ["", "x", "flm_" + "a" * 49, "\x00", "é" * 53])
def test_an_invented_link_is_refused(api, bad):
    refused(api.post("email/verify", {"token": bad}), 400, "invalid_request")
    refused(api.post("password-reset/confirm", {"token": bad, "newPassword": NEW}), 400, "invalid_request")


def test_an_expired_link_is_refused(api, person, token, run):
    User.objects.update(verified_by="")
    run(api.post, "email/verify/send", token=token)
    MailedLink.objects.update(expires_at=timezone.now())
    refused(api.post("email/verify", {"token": mailed_token()}), 400, "invalid_request")


def test_a_new_address_counts_once_its_link_was_followed(api, person, token, run):
    body = {"newEmail": "New.Address@Example.org", "password": PASSWORD}
    assert run(api.post, "email/change", body, token=token).status_code == 202
    assert api.get("me", token=token).json()["email"] == person.email
    to_new, to_old = mail.outbox
    assert (to_new.to, to_old.to) == (["New.Address@Example.org"], [person.email])
    assert run(api.post, "email/verify", {"token": mailed_token(0)}, token=token).status_code == 204
    changed = api.get("me", token=token).json()
    assert (changed["email"], changed["emailVerified"]) == ("New.Address@Example.org", True)
    assert api.login("new.address@example.org").status_code == 200
    refused(api.login(), 401, "invalid_credentials")
    assert mail.outbox[-1].to == [person.email]


def test_changing_the_address_wants_the_password(api, person, token):
    new = {"newEmail": "new@example.org"}
    assert "password" in refused(api.post("email/change", new, token=token), 400, "invalid_request")["errors"]
    refused(api.post("email/change", {**new, "password": "wrong"}, token=token), 401, "invalid_credentials")
    assert not MailedLink.objects.exists()


def test_changing_the_address_without_a_password_wants_a_fresh_sign_in(api, run):
    user = User.objects.create_user("provider@example.org", None)
    token = of_provider(user)
    assert api.post("email/change", {"newEmail": "new@example.org"}, token=token).status_code == 202
    Session.objects.update(authenticated_at=timezone.now() - timedelta(minutes=6))
    refused(api.post("email/change", {"newEmail": "new@example.org"}, token=token), 403, "fresh_sign_in_required")


def test_a_taken_address_is_not_told_but_to_its_owner(api, person, token, run):
    User.objects.create_user("taken@example.org", PASSWORD)
    body = {"newEmail": "Taken@example.org", "password": PASSWORD}
    response = run(api.post, "email/change", body, token=token)
    assert (response.status_code, response.content) == (202, b"")
    assert mail.outbox[0].to == ["Taken@example.org"]
    assert "token=" not in mail.outbox[0].body
    assert not MailedLink.objects.filter(purpose="change_email").exists()


def test_an_address_taken_meanwhile_stays_with_who_has_it(api, person, token, run):
    run(api.post, "email/change", {"newEmail": "new@example.org", "password": PASSWORD}, token=token)
    User.objects.create_user("new@example.org", PASSWORD)
    refused(api.post("email/verify", {"token": mailed_token(0)}, token=token), 409, "email_taken")
    assert User.objects.get(pk=person.pk).email == person.email


def test_a_forgotten_password_is_replaced_and_every_session_ends(api, person, token, run):
    assert run(api.post, "password-reset", {"email": "PERSON@example.org"}).status_code == 202
    raw = mailed_token()
    bad = {"token": raw, "newPassword": "short"}
    assert "newPassword" in refused(api.post("password-reset/confirm", bad), 400, "invalid_request")["errors"]
    assert run(api.post, "password-reset/confirm", {"token": raw, "newPassword": NEW}).status_code == 204
    refused(api.get("me", token=token), 401, "revoked")
    refused(api.post("password-reset/confirm", {"token": raw, "newPassword": NEW}), 400, "invalid_request")
    refused(api.login(), 401, "invalid_credentials")
    assert api.login(password=NEW).status_code == 200


@pytest.mark.parametrize(
    "email", ["nobody@example.org", "suspended@example.org", "not an address", "per\u017fon@example.org"]
)
def test_asking_for_a_reset_tells_nothing(api, person, run, email):
    User.objects.create_user("suspended@example.org", PASSWORD, status="suspended")
    known = run(api.post, "password-reset", {"email": person.email})
    mail.outbox.clear()
    response = run(api.post, "password-reset", {"email": email})
    assert (response.status_code, response.content) == (known.status_code, known.content) == (202, b"")
    assert not mail.outbox


def test_asking_for_a_reset_is_the_same_work_for_known_and_unknown(api, person, monkeypatch):
    monkeypatch.setattr("fairlead.web.attempt_counters.random.random", lambda: 1.0)  # nobody sweeps old counters now
    api.post("password-reset", {"email": "first@example.org"})
    counts = []
    for email in ("nobody@example.org", person.email):
        with CaptureQueriesContext(connection) as queries:
            api.post("password-reset", {"email": email})
        counts.append([re.sub(r"'[^']*'|[0-9a-f]{32}|\d+", "?", each["sql"])[:60] for each in queries])
    assert counts[0] == counts[1]


def test_an_account_without_a_password_is_told_how_it_signs_in(api, run):
    User.objects.create_user("provider@example.org", None)
    assert run(api.post, "password-reset", {"email": "provider@example.org"}).status_code == 202
    assert "provider" in mail.outbox[-1].body
    assert "token=" not in mail.outbox[-1].body


def test_more_than_five_resets_an_hour_send_nothing(api, person, run):
    for _ in range(7):
        assert run(api.post, "password-reset", {"email": person.email}).status_code == 202
    assert len(mail.outbox) == 5


def test_a_reset_of_a_never_proven_account_leaves_a_stranger_nothing(api, person, token, run):
    User.objects.update(verified_by="", name="Not The Owner", name_source="person")
    Identity.objects.create(user=person, issuer="https://stranger.example", subject="stranger")
    changing = links.make(
        MailedLink.Purpose.CHANGE_EMAIL,
        user=person,
        email="stranger@example.net",
        now=timezone.now(),
        session=Session.objects.get(),
    )
    run(api.post, "password-reset", {"email": person.email})
    assert run(api.post, "password-reset/confirm", {"token": mailed_token(), "newPassword": NEW}).status_code == 204
    refused(api.post("email/verify", {"token": changing}), 400, "invalid_request")
    owner = User.objects.get()
    assert (owner.email_verified, owner.name) == (True, "")
    assert not Identity.objects.exists()


def test_what_happened_is_on_record_without_secrets_or_addresses(api, person, token, run):
    run(api.post, "password-reset", {"email": person.email})
    run(api.post, "password-reset/confirm", {"token": mailed_token(), "newPassword": NEW})
    events = list(AuditEvent.objects.order_by("pk"))
    assert [each.event for each in events] == ["signed_in", "password_reset_sent", "session_ended", "password_changed"]
    text = " ".join(str(vars(each)) for each in events)
    assert "example.org" not in text
    assert NEW not in text


def test_a_reset_link_is_void_once_the_account_has_another_address(api, person, run):
    run(api.post, "password-reset", {"email": person.email})
    person.email = "moved@example.org"
    person.save()
    refused(api.post("password-reset/confirm", {"token": mailed_token(), "newPassword": NEW}), 400, "invalid_request")
