"""Being signed in: beginning, the browser's binding, ending, the refresh family."""

from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import account_status, authentication, unverified
from accounts.errors import AccountPending, AccountSuspended, RefreshTokenInvalid, TokenRefused
from accounts.models import RefreshToken, Session, User
from accounts.sessions import access_tokens, browser, lifecycle, tokens
from fairlead import memory
from fairlead.audit.models import AuditEvent
from tests.configure import configure

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return User.objects.create_user("Owner@Example.org", "correct horse battery")


@pytest.fixture
def request_():
    request = RequestFactory().get("/", headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    request.session = Client().session
    return request


def test_pending_and_suspended_people_get_no_session(user, request_):
    for status, error in (("pending", AccountPending), ("suspended", AccountSuspended)):
        account_status.change(user, User.Status(status), actor=None)
        with pytest.raises(error):
            tokens.issue(user, request=request_, method="password")
    assert not Session.objects.exists()


def test_a_session_knows_its_device_and_method(user, request_):
    session = lifecycle.begin(user, request=request_, method="provider", provider="default")
    assert (session.device, session.method, session.provider) == ("Firefox on Linux", "provider", "default")
    assert session.expires_at - session.started_at == timedelta(days=90)
    assert AuditEvent.objects.filter(event="signed_in", actor_id=str(user.pk)).exists()


def test_a_browser_session_is_bound_to_its_row_and_dies_with_it(user, client):
    client.force_login(user)
    client.get("/admin/")
    session = Session.objects.get(user=user)
    assert client.session[browser.KEY] == str(session.pk)
    lifecycle.end(session)
    client.get("/admin/")
    assert SESSION_KEY not in client.session


def test_an_ended_session_does_not_come_back_by_being_adopted(user, client):
    client.force_login(user)
    client.get("/admin/")
    lifecycle.end_all(user)
    client.get("/admin/")
    client.get("/admin/")
    assert not Session.objects.filter(ended_at=None).exists()


def test_signing_in_flushes_somebody_elses_session(user, request_):
    other = User.objects.create_user("other@example.org", "x")
    browser.sign_in(request_, other, method="password")
    request_.session["kept"] = "by the other"
    before = request_.session.session_key
    browser.sign_in(request_, user, method="password")
    assert "kept" not in request_.session
    assert request_.session.session_key != before
    assert request_.session[SESSION_KEY] == str(user.pk)
    assert browser.session_of(request_).user == user
    assert Session.objects.get(user=other).ended_at is not None


def test_refresh_rotates_and_the_old_token_gives_the_same_successor_within_grace(user, request_):
    first = tokens.issue(user, request=request_, method="password")
    second = tokens.refresh(first.refresh_token)
    again = tokens.refresh(first.refresh_token)
    assert second.refresh_token == again.refresh_token != first.refresh_token
    assert RefreshToken.objects.count() == 2
    stored = " ".join(RefreshToken.objects.values_list("digest", flat=True))
    assert second.refresh_token not in stored


def test_an_ended_session_leaves_no_refresh_token_behind(user, request_):
    tokens.issue(user, request=request_, method="password")
    assert RefreshToken.objects.count() == 1
    lifecycle.end(Session.objects.get(), request=request_)
    assert not RefreshToken.objects.exists()


def test_a_rotated_token_ends_the_family_once_its_successor_was_used(user, request_):
    first = tokens.issue(user, request=request_, method="password")
    second = tokens.refresh(first.refresh_token)
    third = tokens.refresh(second.refresh_token)
    with pytest.raises(RefreshTokenInvalid):
        tokens.refresh(first.refresh_token)
    with pytest.raises(RefreshTokenInvalid):
        tokens.refresh(third.refresh_token)
    assert AuditEvent.objects.filter(event="refresh_reused").count() == 1


def test_a_rotated_token_ends_the_family_after_grace(user, request_, time_machine):
    first = tokens.issue(user, request=request_, method="password")
    tokens.refresh(first.refresh_token)
    with pytest.raises(RefreshTokenInvalid):
        tokens.refresh(first.refresh_token, now=timezone.now() + timedelta(seconds=11))
    assert Session.objects.get(pk=first.session.pk).ended_at


def test_no_grace_at_all_when_it_is_turned_off(user, request_, settings):
    configure(settings, REFRESH_REUSE_GRACE=0)
    first = tokens.issue(user, request=request_, method="password")
    tokens.refresh(first.refresh_token)
    with pytest.raises(RefreshTokenInvalid):
        tokens.refresh(first.refresh_token)


def test_a_family_ends_ninety_days_after_sign_in_however_often_it_rotated(user, request_):
    pair = tokens.issue(user, request=request_, method="password")
    pair = tokens.refresh(pair.refresh_token, now=timezone.now() + timedelta(days=80))
    with pytest.raises(RefreshTokenInvalid):
        tokens.refresh(pair.refresh_token, now=timezone.now() + timedelta(days=90, seconds=1))


def test_an_access_token_is_refused_once_its_session_ended(user, request_, django_assert_num_queries):
    pair = tokens.issue(user, request=request_, method="password")
    now = timezone.now().timestamp()
    with django_assert_num_queries(1):
        found, token = authentication.resolve(pair.access_token, now=now)
    assert (found, token.session_id) == (user, pair.session.pk)
    with django_assert_num_queries(0):
        authentication.resolve(pair.access_token, now=now + 1)
    tokens.revoke(pair.refresh_token)
    memory.forget_everything()
    with pytest.raises(TokenRefused) as refused:
        authentication.resolve(pair.access_token, now=now + 2)
    assert refused.value.code == "revoked"


def test_wiping_leaves_a_stranger_nothing(user, request_):
    user.name, user.name_source = "Not The Owner", "person"
    user.save()
    pair = tokens.issue(user, request=request_, method="password")
    assert unverified.wipe(user) is True
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert (user.name, user.name_source, user.verified_by) == ("", "claims", "")
    assert not Session.objects.filter(ended_at=None).exists()
    assert unverified.wipe(user) is False
    with pytest.raises(RefreshTokenInvalid):
        tokens.refresh(pair.refresh_token)


def test_an_access_token_of_an_earlier_secret_key_still_counts(user, request_, settings):
    pair = tokens.issue(user, request=request_, method="password")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" * 8
    assert access_tokens.read(pair.access_token, now=timezone.now().timestamp()).user_id == user.pk


def test_a_rotation_is_one_look_and_one_short_transaction(user, request_, django_assert_max_num_queries):
    first = tokens.issue(user, request=request_, method="password").refresh_token
    with django_assert_max_num_queries(5):  # look, savepoint, update, insert, release
        tokens.refresh(first)


def test_a_browser_session_that_names_another_persons_row_is_refused(user, client):
    other = User.objects.create_user("other@example.org", "x")
    client.force_login(user)
    client.get("/admin/")
    theirs = lifecycle.begin(other, request=RequestFactory().get("/"), method="password", kind="web")
    store = client.session
    store[browser.KEY] = str(theirs.pk)
    store.save()
    client.get("/admin/")
    assert SESSION_KEY not in client.session
