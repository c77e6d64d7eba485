"""Old and new code run side by side while servers are replaced: no migration may break the old one, or lock a table long.

Each app's first migration makes the tables. Each later one only adds: what old code still reads or writes goes away in a
release of its own, after the one whose code no longer needs it; that migration says so with `second_step = True`.
"""

from collections.abc import Iterator, Sequence

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

from tests.house import PACKAGES

OURS = {config.label for config in apps.get_app_configs() if config.name.partition(".")[0] in PACKAGES}
# What old code would stumble over.
TAKES_AWAY = (
    migrations.RemoveField, migrations.RenameField, migrations.RenameModel, migrations.DeleteModel,
    migrations.AlterModelTable, migrations.AlterUniqueTogether, migrations.AlterIndexTogether, migrations.RunSQL,
)  # fmt: skip


def faults(operations: Sequence[Operation], *, second_step: bool = False) -> Iterator[str]:
    for each in operations:
        if isinstance(each, migrations.SeparateDatabaseAndState):
            yield from faults(each.database_operations, second_step=second_step)
        elif isinstance(each, TAKES_AWAY) and not second_step:
            yield f"{each.describe()}: old code still needs it, or nobody can tell; wait for the next release"
        elif isinstance(each, migrations.AddField) and not _old_code_may_leave_out(each.field):
            yield f"{each.describe()}: old code inserts rows without it; give it db_default or null=True"
        elif isinstance(each, migrations.AlterField) and not _old_code_may_leave_out(each.field) and not second_step:
            yield f"{each.describe()}: old code may write what it refuses; give it db_default or null=True"
        elif isinstance(each, migrations.AddConstraint) and not second_step:
            yield f"{each.describe()}: old code may write what it refuses"


def _old_code_may_leave_out(field: models.Field) -> bool:
    return bool(field.null or field.many_to_many or field.primary_key) or field.db_default is not NOT_PROVIDED


def later() -> list[Migration]:
    """Every migration of ours after an app's first."""
    return [
        each for (app, _), each in MigrationLoader(None).disk_migrations.items() if app in OURS and not _first(each)
    ]


def _first(migration: Migration) -> bool:
    return not any(app == migration.app_label for app, _ in migration.dependencies)


def test_no_later_migration_breaks_the_code_that_still_runs() -> None:
    assert len(OURS) > 5
    assert {
        f"{each.app_label}.{each.name}": found
        for each in later()
        if (found := [*faults(each.operations, second_step=getattr(each, "second_step", False))])
    } == {}


def test_first_migrations_are_those_that_no_other_of_the_app_precedes() -> None:
    first = {app for (app, _), each in MigrationLoader(None).disk_migrations.items() if app in OURS and _first(each)}
    assert first == {label for label in OURS if any(True for model in apps.get_app_config(label).get_models())}


CHAR = {"max_length": 9}
UNSAFE: list[Operation] = [
    migrations.RemoveField("user", "name"),
    migrations.RenameField("user", "name", "full_name"),
    migrations.RenameModel("User", "Person"),
    migrations.DeleteModel("User"),
    migrations.AlterModelTable("user", "person"),
    migrations.RunSQL("DELETE FROM accounts_user"),
    migrations.AlterField("user", "name", models.CharField(**CHAR)),
    migrations.AddConstraint("user", models.UniqueConstraint(fields=["name"], name="one_name")),
    migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("user", "name")]),
]
NEVER: list[Operation] = [
    migrations.AddField("user", "x", models.CharField(**CHAR)),
    migrations.AddField("user", "x", models.CharField(default="", **CHAR)),
    migrations.AddField("user", "x", models.BooleanField(default=False)),
]
SAFE: list[Operation] = [
    migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True)), ("x", models.TextField())]),
    migrations.AddField("user", "x", models.CharField(db_default="", **CHAR)),
    migrations.AddField("user", "x", models.CharField(null=True, **CHAR)),
    migrations.AlterField("user", "name", models.CharField(null=True, **CHAR)),
    migrations.AlterField("user", "name", models.CharField(db_default="", **CHAR)),
    migrations.AddIndex("user", models.Index(fields=["name"], name="by_name")),
    AddIndexConcurrently("user", models.Index(fields=["name"], name="by_name")),
]


@pytest.mark.parametrize("operation", UNSAFE, ids=lambda each: type(each).__name__)
def test_what_old_code_needs_goes_in_a_second_step_only(operation: Operation) -> None:
    assert len([*faults([operation])]) == 1
    assert [*faults([operation], second_step=True)] == []


@pytest.mark.parametrize("operation", NEVER, ids=lambda each: each.field.deconstruct()[1].rpartition(".")[2])
def test_a_column_that_old_code_cannot_fill_is_refused_in_any_step(operation: Operation) -> None:
    """Django's own `default` is code: the database does not know it, and the old code neither."""
    for second_step in (False, True):
        assert len([*faults([operation], second_step=second_step)]) == 1


@pytest.mark.parametrize("operation", SAFE, ids=lambda each: type(each).__name__)
def test_what_only_adds_may_come_with_the_code_that_uses_it(operation: Operation) -> None:
    assert [*faults([operation])] == []
