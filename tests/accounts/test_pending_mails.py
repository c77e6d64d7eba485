"""Staff learn that people wait for approval: by one mail an hour, whoever comes, and nobody is forgotten."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import pending_mails
from accounts.models import User
from accounts.people import People
from fairlead.verified_by import VerifiedBy
from fairlead.web import outbox
from fairlead.web.models import OutgoingMail
from tests.accounts.conftest import PASSWORD, Api
from tests.configure import configure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(settings):
    configure(settings, USER_SIGNUP="review")
    chief = User.objects.create_superuser("chief@example.org", PASSWORD)
    approver = User.objects.create_user("approver@example.org", PASSWORD, is_staff=True)
    approver.user_permissions.set(Permission.objects.filter(codename="change_user"))
    User.objects.create_user("looker@example.org", PASSWORD, is_staff=True)
    User.objects.create_superuser("gone@example.org", PASSWORD, status="suspended")
    return chief


def register(number):
    body = {"email": f"new-{number}@example.org", "password": PASSWORD, "name": "Click http://evil.example"}
    answer = Api().post("register", body)
    assert answer.status_code == 201, answer.content


def told():
    return sorted(each.to[0] for each in mail.outbox if "approval at" in each.subject)


def an_hour_later():
    OutgoingMail.objects.filter(state="sent").update(ended_at=timezone.now() - timedelta(hours=1, seconds=1))


def due(moment):
    """The mails that wait, as if `moment` had come."""
    OutgoingMail.objects.filter(state="waiting").update(next_try_at=moment)


def test_everybody_who_may_approve_is_mailed_and_nobody_else(staff):
    register(1)
    assert told() == ["approver@example.org", "chief@example.org"]
    sent = next(each for each in mail.outbox if each.to == ["chief@example.org"])
    assert "/admin/accounts/user/?status__exact=pending" in sent.body
    assert "evil" not in sent.subject + sent.body
    office = Client()
    office.force_login(staff)
    page = office.get("/admin/accounts/user/?status__exact=pending")
    assert page.context["cl"].result_count == 1
    assert "Pending (1)" in page.content.decode()


def test_within_the_hour_there_is_one_mail_and_later_one_for_who_came_since(staff):
    for number in range(4):
        register(number)
    assert len(told()) == 2
    waiting = OutgoingMail.objects.filter(kind=pending_mails.KIND, state="waiting")
    assert waiting.count() == 2
    first = OutgoingMail.objects.filter(kind=pending_mails.KIND, state="sent").latest("ended_at")
    assert all(each.next_try_at >= first.ended_at + timedelta(minutes=59) for each in waiting)
    outbox.send_due()
    assert len(told()) == 2
    due(timezone.now())
    outbox.send_due()
    assert len(told()) == 4


def test_an_hour_later_the_next_is_told_of_at_once(staff):
    register(1)
    an_hour_later()
    register(2)
    assert len(told()) == 4


def test_the_setting_names_others_or_nobody(staff, settings):
    configure(settings, PENDING_MAILS_TO=["team@example.org"])
    register(1)
    assert told() == ["team@example.org"]
    configure(settings, PENDING_MAILS_TO=[])
    an_hour_later()
    register(2)
    assert told() == ["team@example.org"]


def test_two_that_come_at_one_instant_are_one_mail(staff):
    """Both looked before either wrote."""
    register(1)
    an_hour_later()
    rows = OutgoingMail.objects.all()
    register(2)
    assert rows.filter(kind=pending_mails.KIND).count() == 4
    OutgoingMail.objects.filter(kind=pending_mails.KIND, ended_at__gt=timezone.now() - timedelta(minutes=5)).update(
        created_at=timezone.now() - timedelta(days=1)
    )
    # Now the newest row is the first round's again, as the second of the two saw it.
    pending_mails.tell()
    assert rows.filter(kind=pending_mails.KIND).count() == 4


def test_who_comes_through_a_provider_is_told_of_too(staff, rf):
    make = {"name": "New", "verified_by": VerifiedBy.PROVIDER, "request": rf.get("/")}
    People().create(email="one@example.org", pending=False, **make)
    assert told() == []
    People().create(email="two@example.org", pending=True, **make)
    assert len(told()) == 2


def test_where_nobody_is_approved_nobody_is_mailed(staff, settings):
    configure(settings, USER_SIGNUP="enabled")
    assert Api().post("register", {"email": "new@example.org", "password": PASSWORD, "name": "N"}).status_code == 201
    assert told() == []
