"""What an administrator does from a person's or a session's page: asked first, done by POST, on record."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import lockouts
from accounts.models import Session, User
from fairlead.audit.models import AuditEvent
from tests.accounts.conftest import PASSWORD, Api
from tests.configure import configure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(db):
    client = Client()
    client.force_login(User.objects.create_superuser("chief@example.org", PASSWORD))
    return client


def staff(*rights):
    user = User.objects.create_user("clerk@example.org", PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


def page(person, tool=""):
    return f"/admin/accounts/user/{person.pk}/" + (f"do/{tool}/" if tool else "change/")


def offered(client, person):
    return [address.split("/")[-2] for _label, address in client.get(page(person)).context["tools"]]


def use(client, person, tool):
    """Look at the question, then do it; the sentence that was said."""
    asked = client.get(page(person, tool))
    assert asked.status_code == 200
    assert str(person).encode() in asked.content
    answer = client.post(page(person, tool), follow=True)
    assert answer.redirect_chain == [(page(person), 302)]
    return [(each.level_tag, str(each)) for each in answer.context["messages"]]


def test_what_is_offered_follows_the_status(office, person):
    assert offered(office, person) == ["suspend", "send-reset-link"]
    Api().login()
    assert offered(office, person) == ["suspend", "end-sessions", "send-reset-link"]
    User.objects.filter(pk=person.pk).update(status="pending", is_active=False)
    assert offered(office, person)[:2] == ["approve", "reject"]
    User.objects.filter(pk=person.pk).update(status="suspended")
    assert offered(office, person) == ["reactivate", "end-sessions"]


def test_asking_changes_nothing(office, person):
    Api().login()
    for tool in ("suspend", "end-sessions", "send-reset-link"):
        assert office.get(page(person, tool)).status_code == 200
    person.refresh_from_db()
    assert person.status == "active"
    assert Session.objects.filter(ended_at=None, user=person).count() == 1
    assert not mail.outbox


def test_suspending_and_reactivating(office, person):
    api = Api()
    token = api.login().json()["access_token"]
    assert use(office, person, "suspend") == [("success", "Suspended, and signed out everywhere.")]
    assert api.get("me", token=token).status_code == 401
    assert use(office, person, "reactivate") == [("success", "Reactivated.")]
    assert api.login().status_code == 200
    changes = AuditEvent.objects.filter(event="status_changed").order_by("pk")
    assert [each.details["after"] for each in changes] == ["suspended", "active"]
    assert {each.actor_type for each in changes} == {"person"}


def test_approving_and_rejecting_tell_the_person(office):
    for tool in ("approve", "reject"):
        waiting = User.objects.create_user(f"{tool}@example.org", PASSWORD, status="pending")
        assert use(office, waiting, tool)[0][0] == "success"
    assert [each.to for each in mail.outbox] == [["approve@example.org"], ["reject@example.org"]]


def test_sessions_end_all_at_once_and_one_by_one(office, person):
    Api().login()
    Api().login()
    one = Session.objects.filter(user=person).first()
    at = f"/admin/accounts/session/{one.pk}/"
    assert "signed out within" in office.get(f"{at}do/end/").content.decode()
    assert Session.objects.filter(user=person, ended_at=None).count() == 2
    assert office.post(f"{at}do/end/").status_code == 302
    assert [each.pk for each in Session.objects.filter(user=person, ended_at__isnull=False)] == [one.pk]
    assert office.post(f"{at}do/end/").status_code == 403  # there is nothing to end any more
    use(office, person, "end-sessions")
    assert not Session.objects.filter(user=person, ended_at=None).exists()
    assert AuditEvent.objects.filter(event="session_ended", subject_id=str(person.pk)).count() == 2


def test_a_link_to_choose_a_password_is_mailed(office, person, settings):
    use(office, person, "send-reset-link")
    assert mail.outbox[0].to == [person.email]
    configure(settings, DISABLE_INTERNAL_AUTH=True, OIDC_ENABLED=True, OIDC_ISSUER_URL="https://id.example.org",
              OIDC_CLIENT_ID="client", OIDC_CLIENT_SECRET="secret")  # fmt: skip
    assert office.post(page(person, "send-reset-link")).status_code == 403
    assert len(mail.outbox) == 1


def test_unlock_lets_the_person_try_again(office, person):
    guesser = Api()
    for _ in range(5):
        assert guesser.login(password="not the password").status_code == 401
    assert guesser.login().status_code == 429
    assert [(each.network, each.everybody) for each in lockouts.of(person)] == [("127.0.0.1", False)]
    assert "unlock" in offered(office, person)
    assert use(office, person, "unlock") == [("success", "Unlocked: the password may be tried again.")]
    assert guesser.login().status_code == 200
    assert "unlock" not in offered(office, person)
    event = AuditEvent.objects.get(event="password_tries_forgotten")
    assert (event.subject_id, event.details) == (str(person.pk), {"networks": ["127.0.0.1"]})


def test_unlock_leaves_other_accounts_and_networks_as_they_were(office, person):
    User.objects.create_user("other@example.org", PASSWORD)
    guesser = Api()
    for email in ("person@example.org", "other@example.org"):
        for _ in range(5):
            guesser.login(email=email, password="not the password")
    use(office, person, "unlock")
    assert guesser.login("other@example.org").status_code == 429
    assert guesser.login().status_code == 200


def test_a_network_that_tried_too_many_accounts_stays_locked(office, person, settings):
    configure(settings, RATE_LIMIT_LOGIN=["5/60"], RATE_LIMIT_LOGIN_PER_NETWORK=["5/60"])
    guesser = Api()
    for _ in range(5):
        guesser.login(password="not the password")
    guesser.login()
    assert lockouts.of(person)[0].everybody
    office.post(page(person, "unlock"))
    assert guesser.login().status_code == 429


def test_nobody_is_locked_out_where_nothing_was_tried(person):
    assert lockouts.of(person) == []
    assert lockouts.end(person, actor=None) is False


def test_who_may_only_look_is_offered_nothing_and_does_nothing(person):
    looker = staff("view_user", "view_session")
    Api().login()
    session = Session.objects.get(user=person)
    assert offered(looker, person) == []
    for tool in ("suspend", "end-sessions", "send-reset-link", "unlock"):
        assert looker.get(page(person, tool)).status_code == 403
        assert looker.post(page(person, tool)).status_code == 403
    assert looker.get(f"/admin/accounts/session/{session.pk}/change/").status_code == 200
    assert looker.post(f"/admin/accounts/session/{session.pk}/do/end/").status_code == 403
    person.refresh_from_db()
    assert (person.status, Session.objects.get(user=person).is_open(timezone.now()), mail.outbox) == (
        "active",
        True,
        [],
    )


def test_staff_are_out_of_reach_of_staff_and_nobody_suspends_themselves(office):
    clerk = staff("view_user", "change_user", "view_session")
    chief = User.objects.get(email="chief@example.org")
    assert offered(clerk, chief) == []
    assert clerk.post(page(chief, "suspend")).status_code == 403
    assert office.post(page(chief, "suspend")).status_code == 403
    session = Session.objects.create(
        user=chief, kind="web", device="x", method="password", started_at=timezone.now(),
        authenticated_at=timezone.now(), last_seen_at=timezone.now(), expires_at=timezone.now() + timezone.timedelta(1),
    )  # fmt: skip
    assert clerk.post(f"/admin/accounts/session/{session.pk}/do/end/").status_code == 403


def test_a_tool_wants_a_token_of_the_form(office, person):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(email="chief@example.org"))
    assert strict.post(page(person, "suspend")).status_code == 403
    person.refresh_from_db()
    assert person.status == "active"


def test_a_person_that_is_not_there_and_a_tool_that_is_none(office, person):
    assert office.get("/admin/accounts/user/nonsense/do/suspend/").status_code == 404
    assert office.get(page(person, "nonsense")).status_code == 404
