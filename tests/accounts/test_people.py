"""The seam: what a sign-in through a provider does to people, by the class of FAIRLEAD["PEOPLE"]."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import administrator
from accounts.errors import AccountsError, InvalidCredentials
from accounts.models import MailedLink, Session, User
from accounts.people import People
from accounts.sessions import browser
from fairlead.people import people
from fairlead.person_refusals import NotAPicture, PersonRefused
from fairlead.verified_by import VerifiedBy
from tests.accounts.conftest import PASSWORD
from tests.accounts.pictures import picture
from tests.configure import configure

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(rf):
    made = rf.get("/", headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    made.session = Client().session
    return made


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_site_uses_it():
    assert isinstance(people(), People)
    assert issubclass(AccountsError, PersonRefused)


@pytest.mark.parametrize("pk", ["", "x", "1", 1, None, uuid.UUID(int=0), str(uuid.UUID(int=0))])
def test_unknown_ids_find_nobody(person, pk):
    assert People().by_id(pk) is None
    assert People().by_id(str(person.pk)) == People().by_id(person.pk) == person


def test_somebody_new_is_active_or_waits_and_has_no_password(request_):
    for pending in (True, False):
        email = f"{pending}@example.org"
        user = People().create(
            email=email, name="N", verified_by=VerifiedBy.PROVIDER, pending=pending, request=request_
        )
        state = People().state(user)
        assert (state.status, state.has_password) == ("pending" if pending else "active", False)
        assert (state.verified_by, state.name_is_own) == (VerifiedBy.PROVIDER, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        People().create(
            email="TRUE@example.org", name="", verified_by=VerifiedBy.NOTHING, pending=False, request=request_
        )


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Zo\u00eb O'Neill", "Zo\u00eb O'Neill"),
        ("A\x00B", "A B"),
        ("half \ud83d pair", "half pair"),
        ("turned \u202e round\u200b", "turned round"),
        ("  line\nbreak\t", "line break"),
        ("x" * 400, "x" * 150),
        ("\x00", ""),
    ],
)
def test_display_names_are_cleaned_and_lock_nobody_out(request_, sent, kept):
    created = People().create(
        email="a@example.org", name=sent, verified_by=VerifiedBy.PROVIDER, pending=False, request=request_
    )
    assert User.objects.get(pk=created.pk).name == kept
    other = User.objects.create_user("b@example.org", None, name="Before")
    People().update(other, name=sent)
    assert User.objects.get(pk=other.pk).name == (kept or "Before")


def test_followed_address_is_told_to_the_old_one_and_voids_links(person, django_capture_on_commit_callbacks):
    session = Session.objects.create(
        user=person, kind="api", device="x", method="password", started_at=timezone.now(),
        authenticated_at=timezone.now(), last_seen_at=timezone.now(), expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    MailedLink.objects.create(
        digest="x", user=person, purpose="change_email", email="x@example.org", session=session,
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        People().update(person, email="Moved@Example.org", verified_by=VerifiedBy.ORGANIZATION)
    moved = User.objects.get()
    assert (moved.email, moved.email_canonical, moved.verified_by) == (
        "Moved@Example.org",
        "moved@example.org",
        "organization",
    )
    assert [each.to for each in mail.outbox] == [["Person@Example.org"]]
    assert not MailedLink.objects.exists()


def test_followed_address_that_is_taken_stays_with_who_has_it(person):
    User.objects.create_user("taken@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        People().update(person, email="Taken@example.org", verified_by=VerifiedBy.PROVIDER)
    assert User.objects.get(pk=person.pk).email == "Person@Example.org"


def test_picture_is_taken_over_or_refused(person):
    People().update(person, picture=picture())
    state = People().state(User.objects.get())
    assert (state.has_picture, state.picture_is_own) == (True, False)
    with pytest.raises(NotAPicture):
        People().update(person, picture=b"<svg>")


def test_password_is_proven_for_this_account(person, request_):
    People().prove_password(request_, person, PASSWORD)
    with pytest.raises(InvalidCredentials):
        People().prove_password(request_, person, "wrong")
    other = User.objects.create_user("other@example.org", PASSWORD)
    other.email = person.email
    with pytest.raises(InvalidCredentials):
        People().prove_password(request_, other, PASSWORD)


def test_session_remembers_provider_and_sid_and_ends_when_it_is_told(person, request_):
    ends = timezone.now() + timedelta(hours=3)
    People().sign_in(request_, person, provider="7", sid="s-1", expires_at=ends)
    session = Session.objects.get()
    assert (session.method, session.provider, session.sid, session.expires_at) == ("provider", "7", "s-1", ends)
    signed_in = People().signed_in(request_)
    assert (signed_in.user, signed_in.provider, signed_in.session_id) == (person, "7", str(session.pk))
    assert People().session_is_open(str(session.pk), user=person)
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not People().session_is_open(str(session.pk), user=person)
    People().sign_out(request_)
    assert People().signed_in(request_) is None


def test_later_end_than_usual_is_not_granted(person, request_):
    People().sign_in(request_, person, provider="", expires_at=timezone.now() + timedelta(days=400))
    session = Session.objects.get()
    assert (session.method, session.provider) == ("link", "")
    assert session.expires_at < timezone.now() + timedelta(days=15)


def test_tokens_carry_provider_sid_and_end(person, request_):
    ends = timezone.now() + timedelta(hours=3)
    body = People().tokens.issue(request_, person, provider="7", sid="s-1", expires_at=ends)
    assert set(body) == {"access_token", "refresh_token", "user"}
    session = Session.objects.get()
    assert (session.kind, session.method, session.provider, session.sid) == ("api", "provider", "7", "s-1")
    assert session.expires_at == ends


@pytest.mark.parametrize(
    ("chosen", "ended"),
    [
        ({}, "abcd"),
        ({"provider": "7"}, "ab"),
        ({"not_provider": "7"}, "cd"),
        ({"provider": "7", "sid": "s-1"}, "a"),
        ({"sid": "s-9"}, ""),
        ({"sid": ""}, "d"),
        ({"provider": ""}, "d"),
        ({"before": "c"}, "ab"),
        ({"not_provider": "7", "before": "d"}, "c"),
    ],
    ids=str,
)
def test_sessions_are_ended_by_all_that_is_given(person, chosen, ended):
    other = User.objects.create_user("other@example.org")
    began = {}
    for hours, (name, provider, sid) in enumerate(
        [("a", "7", "s-1"), ("b", "7", "s-2"), ("c", "8", "s-1"), ("d", "", "")]
    ):
        began[name] = timezone.now() - timedelta(hours=9 - hours)
        for user in (person, other):
            Session.objects.create(
                user=user, kind="api", device=name, method="provider", provider=provider, sid=sid,
                started_at=began[name], authenticated_at=began[name], last_seen_at=began[name],
                expires_at=timezone.now() + timedelta(days=1),
            )  # fmt: skip
    if "before" in chosen:
        chosen = {**chosen, "before": began[chosen["before"]]}
    assert People().end_sessions(person, **chosen) == len(ended)
    over = Session.objects.exclude(ended_at=None).order_by("device")
    assert "".join(each.device for each in over) == ended
    assert {each.user for each in over} <= {person}


def test_administering_wants_staff_permission_and_an_active_account(person):
    assert not People().may_administer(person, "oidc_login.change_provider")
    chief = User.objects.create_superuser("chief@example.org")
    assert People().may_administer(chief, "oidc_login.change_provider")
    chief.is_active = False
    assert not People().may_administer(chief, "oidc_login.change_provider")
    clerk = User.objects.create_user("clerk@example.org", is_staff=True)
    assert not People().may_administer(clerk, "oidc_login.change_provider")


def test_session_is_read_once_a_request_and_again_after_a_change(person, request_, django_assert_num_queries):
    People().sign_in(request_, person, provider="7")
    People().signed_in(request_)
    with django_assert_num_queries(0):
        assert People().signed_in(request_).user == person
    People().end_sessions(person)
    assert browser.session_of(request_) is None


def test_suspended_person_becomes_no_administrator_however_well_the_address_is_proven(person, settings):
    configure(settings, ADMIN_EMAIL=person.email)
    User.objects.update(status="suspended", is_active=False, verified_by="link")
    person.refresh_from_db()
    assert administrator.promote(person) is False
    person.refresh_from_db()
    assert (person.status, person.is_active, person.is_staff, person.is_superuser) == ("suspended", False, False, False)
    User.objects.update(status="active", is_active=True)
    person.refresh_from_db()
    assert administrator.promote(person) is True
