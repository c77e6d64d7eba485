"""Invitations through the public door: sent, withdrawn, and accepted once, by the owner of the address alone (R22)."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import SignInPolicy, User
from fairlead.audit.models import AuditEvent
from fairlead.orgs import organizations
from fairlead.orgs.models import Invitation, Membership, Organization
from fairlead.registry import Registry
from fairlead.web import seams
from fairlead.web.models import OutgoingMail
from tests.configure import configure
from tests.orgs.signed_in import PASSWORD, Member, access_token, person
from tests.tenants import refused

pytestmark = pytest.mark.django_db
EMAIL = "colleague@example.org"
NEW = {"name": "New Colleague", "password": "an uncommon long phrase"}


@pytest.fixture
def admin(client: Client) -> Member:
    return Member(client, organizations.create("Acme"), "admin@example.org", role="admin")


def invited(admin: Member, email: str = EMAIL, role: str = "member") -> str:
    """The token that was mailed."""
    answer = admin.call("POST", "/org/invitation", {"email": email, "role": role})
    assert answer.status_code == 201, answer.content
    return mailed()


def mailed() -> str:
    waiting = OutgoingMail.objects.filter(kind="invited").latest("created_at").message
    # Where the test's transactions are real, the mail is on its way already.
    text = json.loads(waiting)["body"] if waiting else mail.outbox[-1].body
    (token,) = re.findall(r"/invitation\?token=(fli_\S+)", text)
    return str(token)


def accept(client: Client, raw_token: str, signed_in: str = "", **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {signed_in}"} if signed_in else {}
    body = {"token": raw_token, **more}
    return client.post("/api/auth/invitation/accept", body, content_type="application/json", headers=headers)


def invitation() -> Invitation:
    found: Invitation = Invitation.objects.latest("created_at")
    return found


def test_an_invitation_is_mailed_and_its_link_is_nowhere_else(admin: Member) -> None:
    answer = admin.call("POST", "/org/invitation", {"email": EMAIL, "role": "read-only"})
    made = invitation()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": str(made.pk), "email": EMAIL, "role": "read-only", "invitedBy": str(admin.person.pk), "state": "open",
            "expiresAt": made.expires_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        },
    )  # fmt: skip
    row = OutgoingMail.objects.get(kind="invited")
    message = json.loads(row.message or "")
    assert message["to"] == EMAIL
    assert "Acme" in message["subject"]
    token = mailed()
    listed = admin.call("GET", "/org/invitation")
    assert listed.json()["results"] == [answer.json()]
    for text in (answer.content, listed.content, str([*AuditEvent.objects.values()]), str(vars(made))):
        assert token not in str(text)
        assert token[10:40] not in str(text)
    event = AuditEvent.objects.get(event="invitation_created")
    assert (event.actor_id, event.organization, event.details) == (
        str(admin.person.pk), admin.organization.pk, {"role": "read-only"},
    )  # fmt: skip


def test_the_answer_is_alike_whether_the_address_has_an_account(admin: Member) -> None:
    person("known@example.org")
    answers = [
        admin.call("POST", "/org/invitation", {"email": email, "role": "member"})
        for email in ("known@example.org", "unknown@example.org")
    ]
    shown = [{**answer.json(), "id": "", "email": "", "expiresAt": ""} for answer in answers]
    assert shown[0] == shown[1]
    assert [answer.status_code for answer in answers] == [201, 201]


@pytest.mark.parametrize("email", ["", "nobody", "a@b@example.org", "x" * 255 + "@example.org", "a\nb@example.org"])
def test_what_is_no_address_is_400(admin: Member, email: str) -> None:
    body = refused(admin.call("POST", "/org/invitation", {"email": email, "role": "member"}), 400, "invalid_request")
    assert list(body["errors"]) == ["email"]
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_in_whatever_spelling(admin: Member) -> None:
    refused(
        admin.call("POST", "/org/invitation", {"email": "Admin@EXAMPLE.org", "role": "member"}), 409, "already_member"
    )
    assert not OutgoingMail.objects.filter(kind="invited").exists()


def test_an_administrator_is_invited_only_after_a_fresh_sign_in(admin: Member) -> None:
    invited(admin, role="admin")
    admin.no_longer_fresh()
    body = {"email": "other@example.org", "role": "admin"}
    refused(admin.call("POST", "/org/invitation", body), 403, "fresh_sign_in_required")
    refused(admin.call("POST", f"/org/invitation/{invitation().pk}/resend"), 403, "fresh_sign_in_required")
    assert Invitation.objects.count() == 1


def test_an_organization_sends_twenty_a_day(admin: Member, settings: Any) -> None:
    configure(settings, RATE_LIMITS=True)
    for number in range(20):
        invited(admin, f"colleague{number}@example.org")
    body = {"email": "one-more@example.org", "role": "member"}
    refused(admin.call("POST", "/org/invitation", body), 429, "throttled")
    refused(admin.call("POST", f"/org/invitation/{invitation().pk}/resend"), 429, "throttled")
    assert Invitation.objects.count() == 20


def test_one_address_is_not_bombed(admin: Member, settings: Any) -> None:
    configure(settings, RATE_LIMITS=True, RATE_LIMIT_MAILS="2/3600")
    for _ in range(2):
        invited(admin)
    refused(admin.call("POST", "/org/invitation", {"email": EMAIL, "role": "member"}), 429, "throttled")


def test_somebody_new_gets_an_active_account_whatever_the_rules_for_registration_say(
    client: Client, admin: Member
) -> None:
    SignInPolicy.objects.update_or_create(
        pk=1, defaults={"registration_mode": "disabled", "signup_email_domains": ["elsewhere.example"]}
    )
    answer = accept(client, invited(admin, "Colleague@Example.org"), **NEW)
    body = answer.json()
    assert answer.status_code == 201, answer.content
    user = User.objects.get(email_canonical=EMAIL)
    assert (user.status, user.verified_by, user.name) == ("active", "link", "New Colleague")
    assert (body["role"], body["organization"]["slug"]) == ("member", "acme")
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert client.get("/org", headers=headers).json()["name"] == "Acme"
    membership = Membership.objects.get(user=user)
    event = AuditEvent.objects.get(event="membership_changed")
    assert event.details == {"person": str(user.pk), "role": "member", "invitation": str(invitation().pk)}
    assert membership.role_source == "hand"
    assert admin.call("GET", "/org/invitation").json()["results"][0]["state"] == "accepted"


def test_somebody_with_an_account_accepts_signed_in(client: Client, admin: Member) -> None:
    known = person(EMAIL, verified_by="")
    answer = accept(client, invited(admin, role="read-only"), access_token(client, EMAIL))
    assert (answer.status_code, answer.json()) == (
        200,
        {"organization": {"id": str(admin.organization.pk), "slug": "acme", "name": "Acme"}, "role": "read-only"},
    )
    known.refresh_from_db()
    assert known.verified_by == "link"
    assert Membership.objects.get(user=known).role == "read-only"


def test_it_is_accepted_once(client: Client, admin: Member) -> None:
    token = invited(admin)
    assert accept(client, token, **NEW).status_code == 201
    refused(accept(client, token, **NEW), 400, "invitation_invalid")
    refused(accept(client, token, access_token_of_new(client)), 400, "invitation_invalid")
    assert Membership.objects.filter(user__email_canonical=EMAIL).count() == 1


def access_token_of_new(client: Client) -> str:
    sent = {"email": EMAIL, "password": NEW["password"]}
    return str(client.post("/api/auth/login", sent, content_type="application/json").json()["access_token"])


def test_another_address_cannot_use_it(client: Client, admin: Member) -> None:
    token = invited(admin)
    person("thief@example.org")
    refused(accept(client, token, access_token(client, "thief@example.org")), 403, "wrong_address")
    assert not Membership.objects.filter(user__email="thief@example.org").exists()
    assert accept(client, token, **NEW).status_code == 201


@pytest.mark.parametrize("status", ["active", "pending", "suspended"])
def test_who_has_an_account_signs_in_first_and_no_invitation_leads_past_a_suspension(
    client: Client, admin: Member, status: str
) -> None:
    token = invited(admin)
    known = person(EMAIL, status=status)
    refused(accept(client, token, **NEW), 401, "not_authenticated")
    known.refresh_from_db()
    assert known.status == status
    assert known.check_password(PASSWORD)
    assert not Membership.objects.filter(user=known).exists()
    assert invitation().used_at is None


def test_a_member_already_is_told_so(client: Client, admin: Member) -> None:
    token = invited(admin)
    member = Member(client, admin.organization, EMAIL, role="read-only")
    refused(accept(client, token, member.raw_token), 409, "already_member")
    member.membership.refresh_from_db()
    assert member.membership.role == "read-only"


def test_who_was_removed_comes_back_by_an_invitation(client: Client, admin: Member) -> None:
    member = Member(client, admin.organization, EMAIL, role="admin")
    before = member.membership.joined_at
    assert admin.call("DELETE", f"/org/member/{member.membership.pk}").status_code == 204
    assert accept(client, invited(admin), member.raw_token).status_code == 200
    member.membership.refresh_from_db()
    assert (member.membership.ended_at, member.membership.role) == (None, "member")
    assert member.membership.joined_at > before


@pytest.mark.parametrize(
    "more", [{}, {"name": "New"}, {**NEW, "password": "short"}, {**NEW, "name": ""}, {"password": NEW["password"]}]
)
def test_what_is_missing_or_weak_is_400_and_uses_nothing_up(client: Client, admin: Member, more: Any) -> None:
    token = invited(admin)
    refused(accept(client, token, **more), 400, "invalid_request")
    assert not User.objects.filter(email_canonical=EMAIL).exists()
    assert accept(client, token, **NEW).status_code == 201


def test_where_passwords_are_off_somebody_new_signs_in_through_a_provider_first(
    client: Client, admin: Member, settings: Any, monkeypatch: Any
) -> None:
    token = invited(admin)
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    ways: Registry[Any] = Registry()
    ways.add("a provider", lambda: True)
    monkeypatch.setattr(seams, "other_ways_in", ways)
    refused(accept(client, token, **NEW), 403, "password_login_disabled")
    assert invitation().used_at is None


def end_by_expiry(admin: Member) -> None:
    Invitation.objects.update(expires_at=timezone.now())


def end_by_withdrawal(admin: Member) -> None:
    assert admin.call("DELETE", f"/org/invitation/{invitation().pk}").status_code == 204


def end_by_resend(admin: Member) -> None:
    assert admin.call("POST", f"/org/invitation/{invitation().pk}/resend").status_code == 200


def end_by_another(admin: Member) -> None:
    invited(admin)


def end_by_disabling(admin: Member) -> None:
    organizations.disable(admin.organization)


def end_with_the_role(admin: Member) -> None:
    Membership.objects.filter(pk=admin.membership.pk).update(role="member")


def end_with_the_membership(admin: Member) -> None:
    Membership.objects.filter(pk=admin.membership.pk).update(ended_at=timezone.now())


def end_with_a_suspension(admin: Member) -> None:
    User.objects.filter(pk=admin.person.pk).update(status="suspended", is_active=False)


def end_with_the_account(admin: Member) -> None:
    admin.person.delete()


ENDS = [
    end_by_expiry, end_by_withdrawal, end_by_resend, end_by_another, end_by_disabling, end_with_the_role,
    end_with_the_membership, end_with_a_suspension, end_with_the_account,
]  # fmt: skip


@pytest.mark.parametrize("end", ENDS, ids=lambda each: each.__name__)
def test_a_link_is_dead_once(client: Client, admin: Member, end: Any) -> None:
    token = invited(admin)
    end(admin)
    refused(accept(client, token, **NEW), 400, "invitation_invalid")
    assert client.get("/invitation", {"token": token}).status_code == 400
    assert not User.objects.filter(email_canonical=EMAIL).exists()


@pytest.mark.parametrize("raw_token", ["", "x", "fli_" + "A" * 49, "flk_" + "A" * 49, "\u00e9" * 53])
def test_what_was_never_a_link_is_refused(client: Client, db: None, raw_token: str) -> None:
    answer = accept(client, raw_token, **NEW)
    assert answer.status_code == 400
    assert not User.objects.exists()


def test_a_link_that_was_sent_again_works(client: Client, admin: Member) -> None:
    invited(admin)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    answer = admin.call("POST", f"/org/invitation/{invitation().pk}/resend")
    assert (answer.status_code, answer.json()["state"]) == (200, "open")
    assert AuditEvent.objects.filter(event="invitation_resent").count() == 1
    assert accept(client, mailed(), **NEW).status_code == 201


def test_what_was_accepted_or_withdrawn_is_not_sent_again(client: Client, admin: Member) -> None:
    token = invited(admin)
    path = f"/org/invitation/{invitation().pk}"
    for _ in range(2):
        assert admin.call("DELETE", path).status_code == 204
    assert AuditEvent.objects.filter(event="invitation_withdrawn").count() == 1
    refused(admin.call("POST", f"{path}/resend"), 400, "invitation_invalid")
    token = invited(admin)
    accept(client, token, **NEW)
    path = f"/org/invitation/{invitation().pk}"
    refused(admin.call("DELETE", path), 400, "invitation_invalid")
    refused(admin.call("POST", f"{path}/resend"), 409, "already_member")
    assert [each["state"] for each in admin.call("GET", "/org/invitation").json()["results"]] == ["accepted", "ended"]


def test_old_invitations_are_cleared_away(admin: Member) -> None:
    invited(admin)
    invited(admin, "other@example.org")
    Invitation.objects.filter(email=EMAIL).update(expires_at=timezone.now() - timedelta(days=31))
    call_command("clear_expired")
    assert [each.email for each in Invitation.objects.all()] == ["other@example.org"]


def test_every_administrator_is_told_of_a_new_one(client: Client, admin: Member) -> None:
    accept(client, invited(admin, role="admin"), **NEW)
    told = [json.loads(row.message or "") for row in OutgoingMail.objects.filter(kind="administrators_changed")]
    assert {each["to"] for each in told} == {"admin@example.org", EMAIL}


def test_the_page_changes_nothing_until_the_click(client: Client, admin: Member) -> None:
    token, browser = invited(admin), Client()
    for _ in range(2):
        page = browser.get("/invitation", {"token": token})
        assert page.status_code == 200
        assert "Acme" in page.content.decode()
    assert invitation().used_at is None
    answer = browser.post("/invitation", {"token": token, **NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert "Acme" in browser.get("/account").content.decode()
    assert Membership.objects.get(user__email_canonical=EMAIL).role == "member"
    assert browser.get("/invitation").status_code == 400


def test_whoever_has_an_account_is_led_to_sign_in_and_comes_back_without_the_token_in_an_address(
    client: Client, admin: Member
) -> None:
    token, browser = invited(admin), Client()
    person(EMAIL)
    page = browser.get("/invitation", {"token": token}).content.decode()
    assert 'href="/login?redirect=/invitation"' in page.replace("%2F", "/")
    assert 'action="/invitation"' not in page
    assert browser.post("/invitation", {"token": token, **NEW}).status_code == 400
    answer = browser.post("/login", {"email": EMAIL, "password": PASSWORD, "redirect": "/invitation"})
    assert answer["Location"] == "/invitation"
    page = browser.get("/invitation").content.decode()
    assert token in page
    assert browser.post("/invitation", {"token": token}).status_code == 302
    assert Membership.objects.filter(user__email=EMAIL, ended_at=None).exists()


def test_a_page_for_another_address_offers_no_button(client: Client, admin: Member) -> None:
    token, browser = invited(admin), Client()
    person("thief@example.org")
    browser.post("/login", {"email": "thief@example.org", "password": PASSWORD})
    page = browser.get("/invitation", {"token": token}).content.decode()
    assert "thief@example.org" in page
    assert "/invitation" not in re.findall(r'<form[^>]*action="([^"]*)"', page)
    assert browser.post("/invitation", {"token": token}).status_code == 400
    assert Organization.objects.get().memberships.count() == 1


def test_the_cookie_of_the_page_is_the_browsers_alone(client: Client, admin: Member) -> None:
    page = Client().get("/invitation", {"token": invited(admin)})
    (cookie,) = (each for name, each in page.cookies.items() if "invitation" in name)
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 3600)
