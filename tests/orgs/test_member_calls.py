"""`/org/member` through the public door: who is there, roles given and taken, and how somebody leaves."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Session, User
from fairlead import signals
from fairlead.audit.models import AuditEvent
from fairlead.orgs import organizations
from fairlead.orgs.models import Membership, RoleSource
from tests.orgs.signed_in import Member, person
from tests.tenants import NOBODY, alike, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Member:
    return Member(client, organizations.create("Acme"), "admin@example.org", role="admin")


def another(admin: Member, email: str = "other@example.org", role: str = "member") -> Membership:
    return Membership.objects.create(organization=admin.organization, user=person(email, name="Other One"), role=role)


def role_of(membership: Membership) -> str:
    membership.refresh_from_db()
    return str(membership.role)


def test_a_member_is_shown_whole(admin: Member) -> None:
    member = another(admin)
    shown = admin.call("GET", f"/org/member/{member.pk}").json()
    assert shown == {
        "id": str(member.pk), "userId": str(member.user_id), "name": "Other One", "email": "other@example.org",
        "role": "member", "roleSource": "hand", "guest": False, "lastSeenAt": None,
        "joinedAt": member.joined_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }  # fmt: skip


def test_when_a_member_was_last_seen_is_the_latest_of_their_sessions(admin: Member) -> None:
    session = Session.objects.get(user=admin.person)
    shown = admin.call("GET", f"/org/member/{admin.membership.pk}").json()
    assert shown["lastSeenAt"] == session.last_seen_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_the_list_has_those_who_are_members_now_and_asks_once_for_all(
    admin: Member, django_assert_max_num_queries: Any
) -> None:
    gone = another(admin, "gone@example.org")
    Membership.objects.filter(pk=gone.pk).update(ended_at=timezone.now())
    for number in range(3):
        another(admin, f"member{number}@example.org")
    Membership.objects.create(organization=organizations.create("Other"), user=person("theirs@example.org"))
    with django_assert_max_num_queries(4):
        listed = admin.call("GET", "/org/member").json()
    assert [each["email"] for each in listed["results"]] == [
        "member2@example.org", "member1@example.org", "member0@example.org", "admin@example.org",
    ]  # fmt: skip
    first = admin.call("GET", "/org/member?limit=3").json()
    assert (len(first["results"]), first["previous"]) == (3, None)
    refused(admin.call("GET", f"/org/member/{gone.pk}"), 404, "not_found")


def test_a_role_is_changed_with_before_and_after_on_record(admin: Member) -> None:
    member = another(admin)
    answer = admin.call("PATCH", f"/org/member/{member.pk}", {"role": "read-only"})
    assert (answer.status_code, answer.json()["role"]) == (200, "read-only")
    event = AuditEvent.objects.get(event="membership_changed")
    assert (event.actor_id, event.organization) == (str(admin.person.pk), admin.organization.pk)
    assert event.details == {
        "person": str(member.user_id), "role": "read-only", "role_before": "member",
    }  # fmt: skip


def test_a_role_of_a_claim_that_is_set_by_hand_is_by_hand(admin: Member) -> None:
    member = another(admin)
    Membership.objects.filter(pk=member.pk).update(role_source=RoleSource.CLAIM)
    assert admin.call("PATCH", f"/org/member/{member.pk}", {"role": "member"}).json()["roleSource"] == "hand"
    assert not AuditEvent.objects.filter(event="membership_changed").exists()


@pytest.mark.parametrize("body", [{}, {"role": "owner"}, {"role": None}, {"role": "admin", "email": "x"}, {"role": ""}])
def test_what_is_no_role_is_400(admin: Member, body: Any) -> None:
    member = another(admin)
    refused(admin.call("PATCH", f"/org/member/{member.pk}", body), 400, "invalid_request")
    assert role_of(member) == "member"


@pytest.mark.parametrize(("before", "after"), [("member", "admin"), ("admin", "member"), ("admin", None)])
def test_who_administers_is_changed_only_after_a_fresh_sign_in(admin: Member, before: str, after: str | None) -> None:
    member = another(admin, role=before)
    admin.no_longer_fresh()
    method, body = ("PATCH", {"role": after}) if after else ("DELETE", None)
    refused(admin.call(method, f"/org/member/{member.pk}", body), 403, "fresh_sign_in_required")
    assert role_of(member) == before
    assert member.ended_at is None
    another(admin, "third@example.org")
    third = Membership.objects.latest("created_at")
    assert admin.call("PATCH", f"/org/member/{third.pk}", {"role": "read-only"}).status_code == 200
    assert admin.call("DELETE", f"/org/member/{third.pk}").status_code == 204


def test_all_administrators_are_mailed_when_one_is_made_or_unmade(
    admin: Member, django_capture_on_commit_callbacks: Any
) -> None:
    member = another(admin)
    another(admin, "reader@example.org", "read-only")
    for role, said in (("admin", "became an administrator"), ("member", "is no administrator")):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            admin.call("PATCH", f"/org/member/{member.pk}", {"role": role})
        assert {sent.to[0] for sent in mail.outbox} == {"admin@example.org", "other@example.org"}
        assert all(f"other@example.org {said}" in sent.body for sent in mail.outbox)
        assert all("Acme" in sent.subject for sent in mail.outbox)


def test_the_last_administrator_stays_one(admin: Member) -> None:
    own = f"/org/member/{admin.membership.pk}"
    refused(admin.call("PATCH", own, {"role": "member"}), 409, "last_admin")
    refused(admin.call("DELETE", own), 409, "last_admin")
    assert role_of(admin.membership) == "admin"
    assert admin.membership.ended_at is None


@pytest.mark.parametrize("status", ["suspended", "pending"])
def test_an_administrator_who_cannot_sign_in_does_not_count(admin: Member, status: str) -> None:
    member = another(admin, role="admin")
    User.objects.filter(pk=member.user_id).update(status=status, is_active=False)
    refused(admin.call("DELETE", f"/org/member/{admin.membership.pk}"), 409, "last_admin")
    assert admin.call("DELETE", f"/org/member/{member.pk}").status_code == 204


def test_of_two_administrators_one_may_go(admin: Member) -> None:
    another(admin, role="admin")
    assert admin.call("DELETE", f"/org/member/{admin.membership.pk}").status_code == 204
    refused(admin.call("GET", "/org/member"), 404, "not_found")


@pytest.mark.parametrize("role", ["member", "read-only"])
def test_everybody_may_leave_and_remove_nobody_else(client: Client, admin: Member, role: str) -> None:
    leaver = Member(client, admin.organization, "leaver@example.org", role=role)
    leaver.no_longer_fresh()
    refused(leaver.call("DELETE", f"/org/member/{admin.membership.pk}"), 403, "forbidden")
    assert leaver.call("DELETE", f"/org/member/{leaver.membership.pk}").status_code == 204
    event = AuditEvent.objects.get(event="membership_changed")
    assert event.details == {"person": str(leaver.person.pk), "role": None, "role_before": role}
    refused(leaver.call("GET", "/org"), 404, "not_found")


def test_who_left_keeps_the_row_and_is_told_of(
    client: Client, admin: Member, django_capture_on_commit_callbacks: Any
) -> None:
    member, told = another(admin), []

    def receive(**facts: Any) -> None:
        told.append((facts["user"].pk, facts["organization"].pk))

    signals.member_left.connect(receive)
    with django_capture_on_commit_callbacks(execute=True):
        admin.call("DELETE", f"/org/member/{member.pk}")
    signals.member_left.disconnect(receive)
    assert told == [(member.user_id, admin.organization.pk)]
    member.refresh_from_db()
    assert member.ended_at is not None
    refused(admin.call("DELETE", f"/org/member/{member.pk}"), 404, "not_found")
    refused(admin.call("PATCH", f"/org/member/{member.pk}", {"role": "member"}), 404, "not_found")


def test_members_of_others_are_no_members(client: Client, admin: Member) -> None:
    theirs = Member(client, organizations.create("Other"), "theirs@example.org", role="admin")
    for method, body in (("GET", None), ("PATCH", {"role": "member"}), ("DELETE", None)):
        alike(
            admin.call(method, f"/org/member/{theirs.membership.pk}", body),
            admin.call(method, f"/org/member/{NOBODY}", body),
        )
    assert role_of(theirs.membership) == "admin"


def test_a_superuser_of_the_instance_is_no_member(client: Client, admin: Member) -> None:
    User.objects.filter(pk=admin.person.pk).update(is_staff=True, is_superuser=True)
    Membership.objects.all().delete()
    refused(admin.call("GET", "/org/member"), 404, "not_found")
