"""Refused calls of programs: counted in process, written in rounds, one sample and one log line of each kind."""

import os
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from fairlead.audit import token_doors
from fairlead.audit.models import CallsOfDay, Refusal
from fairlead.refusal import Refused, Whose
from tests.configure import configure

pytestmark = pytest.mark.django_db
SOMEBODY = Whose(organization=uuid.UUID(int=1), pool=uuid.UUID(int=2), client=uuid.UUID(int=3), key_prefix="flk_abc")
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


class Expired(Refused):
    code = "expired"


class Unknown(Refused):
    code = "unknown_client"
    cause_id = "client.unknown"


@pytest.fixture
def count(rf):
    def once(refused=Expired, whose=SOMEBODY):
        token_doors.count(refused(), request=rf.get("/app/me"), whose=whose)

    return once


def counts():
    return {(row.code, row.organization): row.count for row in CallsOfDay.objects.all()}


def test_nothing_is_written_before_the_round_and_everything_in_it(count, django_assert_num_queries):
    with django_assert_num_queries(0):
        for _ in range(3):
            count()
        count(whose=Whose())
        count(Unknown)
    token_doors.flush()
    one = SOMEBODY.organization
    assert counts() == {("expired", one): 3, ("expired", None): 1, ("unknown_client", one): 1}
    with django_assert_num_queries(0):
        token_doors.flush()


def test_rounds_add_up_by_day_and_leave_one_sample_an_hour(count):
    for at in (NOW, NOW + timedelta(minutes=1), NOW + timedelta(hours=1), NOW + timedelta(days=1)):
        with time_machine.travel(at, tick=False):
            count()
            count()
            token_doors.flush()
    assert list(CallsOfDay.objects.order_by("day").values_list("day", "count")) == [
        (NOW.date(), 6),
        ((NOW + timedelta(days=1)).date(), 2),
    ]
    assert list(Refusal.objects.order_by("at").values_list("count", flat=True)) == [4, 2, 2]
    first = Refusal.objects.order_by("at").first()
    assert (first.organization, first.pool, first.client) == (SOMEBODY.organization, SOMEBODY.pool, SOMEBODY.client)
    assert (first.code, first.cause, first.key_prefix, first.at) == ("expired", "token.expired", "flk_abc", NOW)
    assert first.pk == first.request_id


def test_the_first_of_a_round_leaves_a_line_that_says_whose_it_is(count, caplog):
    with caplog.at_level("WARNING"):
        for _ in range(5):
            count()
    (line,) = caplog.records
    assert (line.code, line.cause.partition(" ")[0]) == ("expired", "token.expired")
    assert (line.organization, line.pool, line.client, line.key) == (
        str(SOMEBODY.organization),
        str(SOMEBODY.pool),
        str(SOMEBODY.client),
        "flk_abc",
    )


def test_memory_is_bounded_and_no_count_is_lost(count, monkeypatch):
    monkeypatch.setattr(token_doors, "MOST", 3)
    for number in range(10):
        count(whose=Whose(organization=uuid.UUID(int=number)))
    token_doors.flush()
    assert len(counts()) == 4
    assert counts()["expired", None] == 7


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_tried_again(count):
    def refuse(*_):
        raise OperationalError("gone")

    count()
    count(Unknown)
    with connection.execute_wrapper(refuse):
        token_doors.flush()
    count()
    assert counts() == {}
    token_doors.flush()
    assert counts() == {("expired", SOMEBODY.organization): 2, ("unknown_client", SOMEBODY.organization): 1}


def test_a_forked_process_counts_nothing_of_its_parent(count):
    count()
    pid = os.fork()
    if pid == 0:
        # Never back into the test: what is left there is the parent's.
        os._exit(1 if token_doors._round._counted else 0)
    assert os.waitpid(pid, 0)[1] == 0


def test_the_round_comes_by_itself(count, monkeypatch):
    begun = []

    def start(timer):
        begun.append(timer)

    monkeypatch.setattr(token_doors.threading.Timer, "start", start)
    token_doors.start_again(in_background=True)
    count()
    count()
    assert [(each.interval, each.daemon) for each in begun] == [(token_doors.SECONDS_BETWEEN_ROUNDS, True)]
    token_doors.start_again(in_background=False)


def test_only_the_time_removes_counts(count, settings):
    configure(settings, REFUSAL_DAYS=3)
    count()
    token_doors.flush()
    assert token_doors.forget_expired(timezone.now() + timedelta(days=2)) == 0
    assert token_doors.forget_expired(timezone.now() + timedelta(days=5)) == 1
