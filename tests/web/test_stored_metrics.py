"""What the database tells a scrape: mails, other people's documents. Ages are measured against the database's rows."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from fairlead.idtokens.models import RemoteDocument
from fairlead.web import stored_metrics
from fairlead.web.models import FinishedJob, OutgoingMail

pytestmark = pytest.mark.django_db


def read() -> dict[str, dict[str, float]]:
    return {each.name: dict(each.values) for each in stored_metrics.read()}


def mail(*, minutes: int, state: str = "waiting") -> None:
    now = timezone.now()
    OutgoingMail.objects.create(
        kind="reset_password",
        state=state,
        message=None,
        created_at=now - timedelta(minutes=minutes),
        give_up_at=now,
        ended_at=None if state == "waiting" else now,
    )


def document(
    url: str, *, kind: str = "keys", asked: int = 1, fetched: int | None = None, failed: int | None = None
) -> None:
    """Times in minutes ago."""
    now = timezone.now()
    RemoteDocument.objects.create(
        kind=kind,
        url=url,
        next_fetch_at=now - timedelta(minutes=asked),
        fetched_at=None if fetched is None else now - timedelta(minutes=fetched),
        error_at=None if failed is None else now - timedelta(minutes=failed),
    )


def test_an_empty_service_has_nothing_to_tell():
    found = read()
    assert found.pop("fairlead_job_ended_timestamp_seconds") == {"clear_expired": 0}
    assert found == {
        "fairlead_mails_waiting": {"": 0},
        "fairlead_mails_oldest_seconds": {"": 0},
        "fairlead_documents_oldest_seconds": {"keys": 0, "discovery": 0},
        "fairlead_documents_stale": {"keys": 0, "discovery": 0},
    }


def test_mails_that_wait_and_how_long_the_oldest_has():
    for minutes, state in ((5, "waiting"), (20, "waiting"), (60, "sent")):
        mail(minutes=minutes, state=state)
    found = read()
    assert found["fairlead_mails_waiting"] == {"": 2}
    assert found["fairlead_mails_oldest_seconds"][""] == pytest.approx(1200, abs=60)


def test_keys_that_are_in_use_and_could_not_be_fetched():
    document("https://a.example/keys", fetched=3)
    document("https://b.example/keys", fetched=90, failed=1)
    document("https://c.example/keys", failed=2)
    # It failed once and came right after that.
    document("https://d.example/keys", fetched=1, failed=9)
    # Nobody has asked for it since yesterday.
    document("https://e.example/keys", asked=1500, fetched=1500, failed=1400)
    document("https://f.example/metadata", kind="metadata", fetched=30)
    found = read()
    assert found["fairlead_documents_stale"] == {"keys": 2, "discovery": 0}
    assert found["fairlead_documents_oldest_seconds"]["keys"] == pytest.approx(5400, abs=60)
    assert found["fairlead_documents_oldest_seconds"]["discovery"] == pytest.approx(1800, abs=60)


def test_when_a_job_ended():
    now = timezone.now()
    FinishedJob.objects.create(name="clear_expired", ended_at=now)
    assert read()["fairlead_job_ended_timestamp_seconds"] == {"clear_expired": now.timestamp()}


def test_what_was_counted_is_told_while_the_database_is_away(client, settings):
    settings.METRICS, settings.METRICS_TOKEN = True, ""

    def away(*_):
        raise DatabaseError

    with connection.execute_wrapper(away):
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "fairlead_token_verdicts_total" in answer.text
    assert 'fairlead_ready{kind="database"} 0.0' in answer.text
    assert "fairlead_mails_waiting" not in answer.text
    assert "fairlead_mails_waiting 0.0" in client.get("/metrics").text


def test_a_scrape_asks_the_database_little(django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        stored_metrics.read()
