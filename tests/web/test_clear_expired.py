"""The daily broom."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Session, User
from fairlead import batches
from fairlead.audit.events import Event, record
from fairlead.audit.models import AuditEvent
from fairlead.web import seams
from fairlead.web.models import AttemptCounter
from oidc_login.models import SignInLink
from tests.configure import configure
from tests.old_rows import old_row

pytestmark = pytest.mark.django_db


def test_only_what_has_had_its_day_goes(settings):
    user = User.objects.create_user("person@example.org", None)
    now = timezone.now()
    for days in (2, -1):
        SignInLink.objects.create(digest=f"{days}", user=user, expires_at=now - timedelta(days=days))
    for days in (31, 1):
        moment = now - timedelta(days=days)
        Session.objects.create(
            user=user,
            kind="api",
            device="x",
            method="password",
            started_at=moment,
            authenticated_at=moment,
            last_seen_at=moment,
            expires_at=now,
            ended_at=moment,
        )
    record(Event.SIGNED_IN)
    out = StringIO()
    call_command("clear_expired", stdout=out)
    assert (SignInLink.objects.count(), Session.objects.count(), AuditEvent.objects.count()) == (1, 1, 1)
    assert "rows of sign-ins: 1 deleted" in out.getvalue()
    configure(settings, AUDIT_DAYS=0)
    call_command("clear_expired", stdout=out)
    assert not AuditEvent.objects.exists()


def test_every_app_says_what_of_its_own_expires():
    assert {what for what, _ in seams.expired.items()} >= {
        "rows of sign-ins",
        "sessions, tokens and mailed links",
        "browser sessions",
        "counters of attempts",
        "keys of hosted pools whose last token has expired",
        "key sets nobody asks for",
        "audit events",
    }


def test_many_rows_go_in_lots_of_their_own():
    """One statement over all of them would hold SQLite's only write lock from the first row to the last."""
    moment = timezone.now() - timedelta(days=1)
    AttemptCounter.objects.bulk_create(AttemptCounter(key=f"{n}", ends_at=moment) for n in range(7))
    AttemptCounter.objects.create(key="stays", ends_at=timezone.now() + timedelta(days=1))
    with CaptureQueriesContext(connection) as asked:
        assert batches.delete(AttemptCounter.objects.filter(ends_at__lt=timezone.now()), at_once=3) == 7
    assert len([each for each in asked if each["sql"].startswith("DELETE")]) == 3
    assert AttemptCounter.objects.get().key == "stays"


def swept(start: str) -> list[str]:
    """Let every app delete what of its own has expired. Returns the statements that begin so."""
    with CaptureQueriesContext(connection) as asked:
        for _, remove in seams.expired.items():
            remove(timezone.now())
    return [each["sql"] for each in asked if each["sql"].startswith(start)]


def looked_for(statement: str) -> type[Model]:
    """Whose expired rows a statement of `batches` looks for."""
    table = re.search(r'FROM "(\w+)"', statement).group(1)
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def test_no_app_deletes_what_expired_in_one_statement():
    """All that `clear_expired` calls goes through batches: where nothing was found, nothing is deleted."""
    assert swept("DELETE") == []


def test_every_table_that_is_swept_is_empty_afterwards_and_its_rows_were_named_by_key():
    swept_models = {looked_for(each) for each in swept("SELECT")}
    assert len(swept_models) >= 19
    for model in swept_models:
        for _ in range(3):
            old_row(model)
    deleting = swept("DELETE")
    assert {model.__name__: model._default_manager.count() for model in swept_models} == {
        model.__name__: 0 for model in swept_models
    }
    assert len(deleting) >= len(swept_models)
    assert [each for each in deleting if not re.search(r'WHERE "\w+"."\w+" IN \(', each)] == []


def test_what_has_expired_is_found_by_an_index():
    """Otherwise each lot reads the whole table."""
    searching = swept("SELECT")
    assert len(searching) >= 19
    on_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if on_postgres:
            # An empty table is read whole wherever that is allowed.
            cursor.execute("SET LOCAL enable_seqscan = off")
        for statement in searching:
            cursor.execute(("EXPLAIN " if on_postgres else "EXPLAIN QUERY PLAN ") + statement)
            plan = str(cursor.fetchall())
            assert "Index Cond" in plan if on_postgres else "SEARCH" in plan, (statement, plan)
