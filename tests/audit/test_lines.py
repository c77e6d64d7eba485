"""The record as lines of JSON: each event once it is committed, each refusal, each sample."""

import json
import uuid

import pytest
from django.db import transaction

from fairlead.audit import refusals, token_doors
from fairlead.audit.events import Event, record
from fairlead.audit.models import AuditEvent, Refusal
from fairlead.causes import cause
from fairlead.refusal import Refused, Whose
from tests.configure import configure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lines(settings, tmp_path):
    file = tmp_path / "record.jsonl"
    configure(settings, RECORD_LINES=str(file))

    def read():
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    return read


def test_an_event_is_a_line_once_it_is_committed_and_none_if_it_is_not(lines):
    with transaction.atomic():
        record(Event.POLICY_CHANGED, changed=["mode"])
        assert lines() == []
    with transaction.atomic():
        record(Event.SIGNED_IN)
        transaction.set_rollback(True)
    (line,) = lines()
    event = AuditEvent.objects.get()
    assert (line["record"], line["id"], line["event"]) == ("event", event.pk, "policy_changed")
    assert line["details"] == {"changed": ["mode"]}
    assert line["at"].endswith("+00:00")


def test_a_refusal_is_a_line_with_the_id_of_its_row_and_no_address(lines, rf):
    refusals.refused(cause("password.wrong"), request=rf.get("/login"), address="person@example.org")
    (line,) = lines()
    assert (line["record"], line["id"], line["cause"]) == ("refusal", Refusal.objects.get().pk, "password.wrong")
    assert "person@" not in json.dumps(line)


def test_refusals_that_are_only_counted_are_a_line_when_there_are_ten_and_a_hundred_of_them(lines, rf):
    for _ in range(130):
        refusals.refused(cause("password.wrong"), request=rf.get("/login"))
    assert [line["count"] for line in lines()] == [1] * 20 + [10, 100]
    last = Refusal.objects.get(count__gt=1)
    assert [line["id"] for line in lines()][-3:] == [last.pk] * 3
    assert last.count == 111


def test_a_sample_of_the_token_doors_is_a_line(lines, rf):
    organization = uuid.uuid4()
    for _ in range(3):
        token_doors.count(Refused(), request=rf.get("/app/me"), whose=Whose(organization=organization))
    token_doors.flush()
    (line,) = lines()
    assert (line["organization"], line["count"]) == (str(organization), 3)


def test_standard_output(settings, capfd):
    configure(settings, RECORD_LINES="stdout")
    record(Event.SIGNED_IN)
    assert json.loads(capfd.readouterr().out)["event"] == "signed_in"


def test_a_file_that_cannot_be_written_is_told_and_ends_nothing(settings, tmp_path, caplog):
    configure(settings, RECORD_LINES=str(tmp_path / "no such folder" / "file"))
    record(Event.SIGNED_IN)
    assert AuditEvent.objects.count() == 1
    assert "RECORD_LINES" in caplog.text


def test_nothing_is_written_where_nobody_asked(settings, capfd):
    configure(settings, RECORD_LINES="")
    record(Event.SIGNED_IN)
    assert capfd.readouterr().out == ""
