"""Filling tables by COPY: what Django reads back is what was meant. PostgreSQL has COPY, SQLite has not."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from bench.growth import copying, data
from bench.growth.data import Scale


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "\\N"),
        (True, "t"),
        (b"\x01\xff", "\\\\x01ff"),
        ({"a": "b\\c"}, '{"a": "b\\\\\\\\c"}'),
        ("two\nlines\tand \\", "two\\nlines\\tand \\\\"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05+00:00"),
    ],
)
def test_values_are_written_as_copy_reads_them(value, written):
    assert copying.text(value) == written


def test_a_field_that_is_not_there_is_refused():
    with pytest.raises(KeyError, match="Organization has no colour"):
        copying.columns_of(copying.Fill(model=data.Organization, count=1, constant={"colour": "blue"}))


def test_identifiers_of_two_rows_or_kinds_differ():
    found = {copying.identifier(kind, number) for kind in range(1, 6) for number in range(2000)}
    assert len(found) == 5 * 2000


@pytest.mark.django_db
def test_every_table_of_the_plan_can_be_filled():
    planned = list(data.fills(Scale.of(0.0), now=datetime(2026, 1, 1, tzinfo=UTC)))
    assert {each.model for each in planned} > {data.UserPool, data.AppUser, data.User, data.AuditEvent, data.Session}
    if connection.vendor != "postgresql":
        with pytest.raises(NotImplementedError, match="DATABASE_URL=postgres"):
            copying.fill(planned[0])
        return
    for each in planned:
        copying.fill(copying.Fill(**{**vars(each), "count": 20}))
        assert each.model._default_manager.count() == 20
        assert each.model._default_manager.first() is not None
