"""People and the sign-in policy in the administration."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import avatars, expiry
from accounts.models import MailedLink, RefreshToken, Session, SignInPolicy, User
from fairlead.audit.models import AuditEvent
from tests.accounts.conftest import PASSWORD, Api
from tests.accounts.pictures import picture
from tests.configure import configure

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/accounts/user/"
POLICY = "/admin/accounts/signinpolicy/1/change/"


@pytest.fixture
def chief(db):
    return User.objects.create_superuser("chief@example.org", PASSWORD)


@pytest.fixture
def office(chief):
    client = Client()
    client.force_login(chief)
    return client


@pytest.fixture
def clerk(db):
    """Staff with the right to change people, not a superuser."""
    user = User.objects.create_user("clerk@example.org", PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client = Client()
    client.force_login(user)
    return client


def act(client, action, *people):
    return client.post(PEOPLE, {"action": action, "_selected_action": [str(each.pk) for each in people]}, follow=True)


def waiting(email="waiting@example.org"):
    return User.objects.create_user(email, PASSWORD, status="pending")


def test_the_lists_and_forms_open(office, person):
    Api().login()
    for path in (
        PEOPLE,
        f"{PEOPLE}add/",
        f"{PEOPLE}{person.pk}/change/",
        f"{PEOPLE}?q=person",
        f"{PEOPLE}?status__exact=active",
    ):
        response = office.get(path)
        assert response.status_code == 200, path
        assert b"argon2" not in response.content
        assert person.password.encode() not in response.content


def test_approving_lets_in_and_mails_once(office, chief, django_capture_on_commit_callbacks):
    new = waiting()
    with django_capture_on_commit_callbacks(execute=True):
        act(office, "approve", new)
        act(office, "approve", new)
    assert [each.to for each in mail.outbox] == [["waiting@example.org"]]
    assert Api().login("waiting@example.org").status_code == 200
    event = AuditEvent.objects.get(event="status_changed")
    assert (event.actor_id, event.subject_id) == (str(chief.pk), str(new.pk))
    assert event.details == {"before": "pending", "after": "active"}


def test_rejecting_keeps_out_and_mails(office, django_capture_on_commit_callbacks):
    new = waiting()
    with django_capture_on_commit_callbacks(execute=True):
        act(office, "reject", new)
    assert mail.outbox[0].to == ["waiting@example.org"]
    assert Api().login("waiting@example.org").json()["code"] == "account_suspended"


def test_suspending_ends_every_session_and_reactivating_opens_none(office, person):
    api = Api()
    pair = api.login().json()
    act(office, "suspend", person)
    assert Session.objects.get(user=person).ended_at is not None
    act(office, "reactivate", person)
    assert api.post("refresh", {"refresh_token": pair["refresh_token"]}).status_code == 401
    assert api.login().status_code == 200


def test_nobody_suspends_themselves(office, chief):
    act(office, "suspend", chief)
    chief.refresh_from_db()
    assert chief.status == "active"


def test_a_person_made_here_has_no_password_and_gets_a_link(office, django_capture_on_commit_callbacks):
    office.post(f"{PEOPLE}add/", {"email": "made@example.org", "name": "Made", "email_verified": "on"})
    made = User.objects.get(email="made@example.org")
    assert (made.has_usable_password(), made.email_verified, made.status) == (False, True, "active")
    with django_capture_on_commit_callbacks(execute=True):
        act(office, "send_reset_link", made)
    token = mail.outbox[0].body.partition("token=")[2].split()[0]
    answer = Api().post("password-reset/confirm", {"token": token, "newPassword": PASSWORD})
    assert answer.status_code == 204
    assert Api().login("made@example.org").status_code == 200


def test_a_duplicate_is_an_error_of_the_form(office, person):
    response = office.post(f"{PEOPLE}add/", {"email": "PERSON@example.org", "name": "Two"})
    assert response.status_code == 200
    assert b"exists already" in response.content
    response = office.post(f"{PEOPLE}add/", {"email": "per\u017fon@example.org", "name": "Two"})
    assert response.status_code == 200
    assert User.objects.count() == 2


def form_of(person, **changes):
    return {
        "email": person.email, "name": person.name, "email_verified": "on",
        "session-TOTAL_FORMS": "0", "session-INITIAL_FORMS": "0",
        "identity-TOTAL_FORMS": "0", "identity-INITIAL_FORMS": "0", **changes,
    }  # fmt: skip


def test_one_session_is_ended_by_its_tick(office, person):
    Api().login()
    session = Session.objects.get(user=person)
    data = form_of(person) | {
        "session-TOTAL_FORMS": "1",
        "session-INITIAL_FORMS": "1",
        "session-0-id": str(session.pk),
        "session-0-user": str(person.pk),
        "session-0-DELETE": "on",
    }
    assert office.post(f"{PEOPLE}{person.pk}/change/", data).status_code == 302
    session.refresh_from_db()
    assert session.ended_at is not None


def test_status_and_password_are_not_fields(office, person):
    office.post(f"{PEOPLE}{person.pk}/change/", form_of(person, status="suspended", password="x", is_active=""))
    before = person.password
    person.refresh_from_db()
    assert (person.status, person.password) == ("active", before)


def test_staff_without_all_rights_cannot_raise_anybody(clerk, person, chief):
    clerk.post(f"{PEOPLE}{person.pk}/change/", form_of(person, is_staff="on", is_superuser="on", name="Changed"))
    person.refresh_from_db()
    assert (person.name, person.is_staff, person.is_superuser) == ("Changed", False, False)


def test_staff_without_all_rights_cannot_touch_administrators(clerk, chief, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for action in ("suspend", "end_sessions", "send_reset_link", "delete_selected"):
            act(clerk, action, chief)
            clerk.post(PEOPLE, {"action": action, "_selected_action": [str(chief.pk)], "post": "yes"})
    clerk.post(f"{PEOPLE}{chief.pk}/change/", form_of(chief, email="clerk2@example.org"))
    clerk.post(f"{PEOPLE}{chief.pk}/delete/", {"post": "yes"})
    chief.refresh_from_db()
    assert (chief.status, chief.email) == ("active", "chief@example.org")
    assert not mail.outbox


def test_raising_somebody_is_on_record(office, chief, person):
    office.post(f"{PEOPLE}{person.pk}/change/", form_of(person, is_staff="on"))
    assert AuditEvent.objects.get(event="admin_granted").details == {"changed": ["is_staff"]}


@pytest.mark.parametrize(
    ("before", "changes", "after", "recorded"),
    [
        ("", {}, "operator", ["email_verified"]),
        ("link", {}, "link", []),
        ("provider", {"email_verified": ""}, "", []),
        ("link", {"email": "other@example.org"}, "operator", ["email_changed", "email_verified"]),
        ("link", {"email": "other@example.org", "email_verified": ""}, "", ["email_changed"]),
        ("typed", {"name": "Other"}, "typed", []),
    ],
)
def test_superuser_vouches_for_an_address_or_does_not(office, chief, person, before, changes, after, recorded):
    User.objects.filter(pk=person.pk).update(verified_by=before)
    office.post(f"{PEOPLE}{person.pk}/change/", form_of(person, **changes))
    person.refresh_from_db()
    assert person.verified_by == after
    events = AuditEvent.objects.filter(subject_id=str(person.pk)).exclude(event="signed_in").order_by("pk")
    assert [each.event for each in events] == recorded
    assert {each.actor_id for each in events} <= {str(chief.pk)}


def test_staff_without_all_rights_neither_changes_nor_vouches_for_an_address(clerk, person):
    """A reset link goes to the address: whoever may change it could become anybody."""
    User.objects.filter(pk=person.pk).update(verified_by="")
    page = clerk.get(f"{PEOPLE}{person.pk}/change/").content.decode()
    assert 'name="email"' not in page
    assert 'name="email_verified"' not in page
    clerk.post(f"{PEOPLE}{person.pk}/change/", form_of(person, email="clerk@evil.example", name="Changed"))
    person.refresh_from_db()
    assert (person.email, person.verified_by, person.name) == ("Person@Example.org", "", "Changed")
    clerk.post(f"{PEOPLE}add/", {"email": "made@example.org", "name": "Made", "email_verified": "on"})
    assert User.objects.get(email="made@example.org").verified_by == ""


def test_person_is_deleted_with_what_hangs_on_them_and_it_is_on_record(
    office, chief, person, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    api = Api()
    token = api.login().json()["access_token"]
    avatars.replace(person, avatars.reencode(picture()), source="upload")
    stored = tmp_path / User.objects.get(pk=person.pk).avatar
    assert stored.exists()
    assert office.get(f"{PEOPLE}{person.pk}/delete/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(f"{PEOPLE}{person.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not stored.exists()
    assert not Session.objects.filter(user_id=person.pk).exists()
    assert api.get("me", token=token).status_code == 401
    event = AuditEvent.objects.get(event="person_deleted")
    assert (event.actor_id, event.subject_id) == (str(chief.pk), str(person.pk))
    assert "example.org" not in str(event.details)


def test_several_people_are_deleted_and_administrators_stay(clerk, chief, person):
    other = User.objects.create_user("other@example.org", None)
    chosen = {"_selected_action": [str(each.pk) for each in (chief, person, other)]}
    clerk.post(PEOPLE, {"action": "delete_selected", "post": "yes", **chosen})
    assert User.objects.filter(pk=chief.pk).exists()
    clerk.post(
        PEOPLE, {"action": "delete_selected", "post": "yes", "_selected_action": [str(person.pk), str(other.pk)]}
    )
    assert set(User.objects.values_list("email", flat=True)) == {"chief@example.org", "clerk@example.org"}


def policy_form(**values):
    return {
        "registration_mode": "",
        "oidc_signup": "",
        "disable_internal_auth": "unknown",
        "signup_email_domains": "",
        **values,
    }


def test_the_policy_is_one_row_whose_changes_count_at_once(office):
    assert office.get("/admin/accounts/signinpolicy/")["Location"] == POLICY
    assert b"registration: enabled (default)" in office.get(POLICY).content
    data = policy_form(registration_mode="review", signup_email_domains="Example.org\n@company.example")
    assert office.post(POLICY, data).status_code == 302
    row = SignInPolicy.objects.get()
    assert row.signup_email_domains == ["example.org", "company.example"]
    page = office.get(POLICY).content
    assert b"registration: review (admin)" in page
    assert Api().get("registration-mode").json() == {"mode": "review"}
    assert AuditEvent.objects.filter(event="policy_changed").count() == 1


def test_what_the_environment_fixes_is_locked(office, settings):
    configure(settings, USER_SIGNUP="disabled", SOURCES={"USER_SIGNUP": ("USER_SIGNUP", ".env")})
    SignInPolicy.objects.create()
    page = office.get(POLICY).content
    assert b"Fixed by USER_SIGNUP (.env)" in page
    office.post(POLICY, policy_form(registration_mode="enabled"))
    assert SignInPolicy.objects.get().registration_mode == ""
    configure(settings, USER_SIGNUP=None)
    assert b"Fixed by" not in office.get(POLICY).content
    office.post(POLICY, policy_form(registration_mode="review"))
    assert SignInPolicy.objects.get().registration_mode == "review"


def test_whoever_may_only_look_sees_the_policy(db):
    user = User.objects.create_user("viewer@example.org", PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    SignInPolicy.objects.create(registration_mode="review", signup_email_domains=["example.org"])
    viewer = Client()
    viewer.force_login(user)
    assert b"registration: review (admin)" in viewer.get(POLICY).content
    assert viewer.post(POLICY, policy_form(registration_mode="disabled")).status_code == 403
    assert SignInPolicy.objects.get().registration_mode == "review"
    assert viewer.get(PEOPLE).status_code == 200
    assert viewer.get(f"{PEOPLE}{user.pk}/change/").status_code == 200


def test_passwords_are_turned_off_only_by_somebody_who_just_came_through_a_provider(office, chief):
    SignInPolicy.objects.create()
    wanted = policy_form(disable_internal_auth="true")
    assert b"Sign in through a provider first" in office.post(POLICY, wanted).content
    Session.objects.filter(user=chief).update(
        method="provider", authenticated_at=timezone.now() - timedelta(minutes=61)
    )
    assert b"Sign in through a provider first" in office.post(POLICY, wanted).content
    Session.objects.filter(user=chief).update(authenticated_at=timezone.now())
    assert office.post(POLICY, wanted).status_code == 302
    assert SignInPolicy.objects.get().disable_internal_auth is True


def test_what_is_over_is_cleared_and_what_counts_stays(person):
    api = Api()
    token = api.login().json()["refresh_token"]
    api.post("refresh", {"refresh_token": token})
    api.post("password-reset", {"email": person.email})
    now = timezone.now()
    assert expiry.forget_expired(now=now) == 0
    assert expiry.forget_expired(now=now + timedelta(days=31)) == 2
    assert (RefreshToken.objects.count(), MailedLink.objects.count(), Session.objects.count()) == (1, 0, 1)
    expiry.forget_expired(now=now + timedelta(days=121))
    assert not Session.objects.exists()
