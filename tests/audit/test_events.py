"""The record: appended to, never changed; no secrets in it."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from fairlead.audit.events import Event, record
from fairlead.audit.models import AppendOnly, AuditEvent

pytestmark = pytest.mark.django_db


def test_event_names_people_by_id_only(rf):
    user = User.objects.create_user("person@example.org", None)
    request = rf.get("/", REMOTE_ADDR="192.0.2.1")
    record(Event.SIGNED_IN, actor=user, subject=user, request=request, provider="default")
    event = AuditEvent.objects.latest("pk")
    assert (event.actor_type, event.actor_id, event.address) == ("person", str(user.pk), "192.0.2.1")
    assert "person@example.org" not in str(list(AuditEvent.objects.values()))


def test_event_outlives_its_person():
    user = User.objects.create_user("person@example.org", None)
    event = record(Event.SIGNED_IN, actor=user, subject=user)
    user_id = str(user.pk)
    user.delete()
    assert AuditEvent.objects.get(pk=event.pk).actor_id == user_id


@pytest.mark.parametrize("name", ["password", "new_secret", "access_token", "code", "email", "claims"])
def test_detail_named_like_a_secret_is_refused(name):
    with pytest.raises(ValueError, match=name):
        record(Event.SIGNED_IN, **{name: "x"})


def test_nothing_changes_or_deletes_an_event():
    event = record(Event.SIGNED_IN)
    for deed in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(event="x"),
    ):
        with pytest.raises(AppendOnly):
            deed()


def test_only_the_time_removes_events():
    record(Event.SIGNED_IN)
    assert AuditEvent.objects.all().remove_older_than(timezone.now() - timedelta(days=1)) == 0
    assert AuditEvent.objects.all().remove_older_than(timezone.now() + timedelta(days=1)) == 1


def test_what_is_rolled_back_did_not_happen():
    with transaction.atomic():
        record(Event.SIGNED_IN)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


def test_what_happens_in_an_organization_says_in_which() -> None:
    with pytest.raises(ValueError, match="say which"):
        record(Event.POOL_CREATED)
    somewhere = uuid.uuid4()
    assert record(Event.POOL_CREATED, organization=somewhere).organization == somewhere
    assert record(Event.SIGNED_IN).organization is None
