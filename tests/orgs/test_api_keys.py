from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from fairlead import memory
from fairlead.audit.models import AuditEvent
from fairlead.credentials import secrets
from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import ApiKey, Organization

pytestmark = pytest.mark.django_db


def resolve(raw_key: str) -> ApiKey | None:
    return api_keys.resolve(raw_key, now=timezone.now())


def test_a_new_key_speaks_for_its_organization_and_is_kept_as_a_digest(organization: Organization) -> None:
    key, minted = api_keys.make(organization, name="backend")
    assert resolve(minted.plaintext) == key
    assert key.organization == organization
    row = ApiKey.objects.values().get()
    assert minted.plaintext not in str(row)
    assert row["digest"] == secrets.digest(minted.plaintext)
    assert minted.plaintext.startswith(row["prefix"])
    assert len(row["prefix"]) < 16
    assert minted.plaintext not in f"{key} {key!r} {minted} {minted!r}"


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1],
        lambda key: key[:-1] + "*",
        lambda key: key.upper(),
        lambda key: "flr" + key[3:],
        lambda key: key + "\u00e9",
        lambda key: "",
    ],
)
def test_a_mistyped_key_is_refused_without_a_query(raw_key: str, change: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert resolve(change(raw_key)) is None


def test_a_well_formed_key_of_nobody_is_refused(db: None) -> None:
    assert resolve(secrets.mint("flk").plaintext) is None


def test_a_known_key_costs_no_query_and_an_unknown_one_a_single_query(
    raw_key: str, django_assert_num_queries: Any
) -> None:
    resolve(raw_key)
    with django_assert_num_queries(0):
        assert resolve(raw_key)
    memory.forget_everything()
    with django_assert_num_queries(1):
        assert resolve(raw_key)


def test_the_time_of_last_use_is_written_at_most_once_a_minute(raw_key: str, django_assert_num_queries: Any) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        resolve(raw_key)
        first = ApiKey.objects.get().last_used_at
        assert first == timezone.now()
        clock.shift(15)
        with django_assert_num_queries(0):
            resolve(raw_key)
        clock.shift(44)
        resolve(raw_key)
        assert ApiKey.objects.get().last_used_at == first
        clock.shift(1)
        resolve(raw_key)
        assert ApiKey.objects.get().last_used_at == timezone.now()


def test_a_database_that_cannot_write_does_not_refuse_the_key(raw_key: str) -> None:
    def read_only(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE"):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(read_only):
        assert resolve(raw_key)


def test_a_key_is_expired_from_its_very_second_even_while_it_is_remembered(organization: Organization) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        _, minted = api_keys.make(organization, name="x", expires_at=timezone.now() + timedelta(seconds=5))
        clock.shift(4)
        assert resolve(minted.plaintext)
        clock.shift(1)
        assert resolve(minted.plaintext) is None


def test_a_revoked_key_stops_here_at_once_and_elsewhere_within_30_seconds(raw_key: str) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        key = resolve(raw_key)
        assert key
        # Another process changes the row: this one is not told.
        ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
        assert resolve(raw_key)
        clock.shift(30)
        assert resolve(raw_key) is None
        ApiKey.objects.update(revoked_at=None)
        memory.forget_everything()
        assert resolve(raw_key)
        api_keys.revoke(key)
        assert resolve(raw_key) is None


def test_revoking_twice_records_and_dates_it_once(raw_key: str) -> None:
    key = ApiKey.objects.get()
    api_keys.revoke(key)
    revoked_at = ApiKey.objects.get().revoked_at
    api_keys.revoke(key)
    assert ApiKey.objects.get().revoked_at == revoked_at
    assert AuditEvent.objects.filter(event="api_key_revoked").count() == 1


def test_the_keys_of_a_disabled_organization_stop_and_come_back(organization: Organization, raw_key: str) -> None:
    assert resolve(raw_key)
    organizations.disable(organization)
    assert resolve(raw_key) is None
    organizations.enable(organization)
    assert resolve(raw_key)


def test_a_rotated_key_works_until_the_overlap_ends(raw_key: str) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        old = resolve(raw_key)
        assert old
        new, minted = api_keys.rotate(old, overlap=timedelta(seconds=60))
        assert (new.name, new.organization) == (old.name, old.organization)
        clock.shift(59)
        assert resolve(raw_key)
        assert resolve(minted.plaintext) == new
        clock.shift(1)
        assert resolve(raw_key) is None
        assert resolve(minted.plaintext) == new


def test_an_overlap_never_prolongs_a_key(organization: Organization) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        ends = timezone.now() + timedelta(seconds=5)
        key, _ = api_keys.make(organization, name="short", expires_at=ends)
        new, _ = api_keys.rotate(key, overlap=timedelta(days=1))
        key.refresh_from_db()
        assert (key.expires_at, new.expires_at, key.successor) == (ends, ends, new)


def test_making_rotating_and_revoking_are_on_record_without_the_key(organization: Organization) -> None:
    key, first = api_keys.make(organization, name="backend")
    new, second = api_keys.rotate(key, overlap=timedelta(0))
    api_keys.revoke(new)
    events = list(AuditEvent.objects.filter(subject_type="api_key").order_by("pk"))
    assert [each.event for each in events] == ["api_key_created", "api_key_rotated", "api_key_revoked"]
    text = str([each.__dict__ for each in events])
    assert first.plaintext not in text
    assert second.plaintext not in text
