"""Deleting much without standing in anybody's way: a few rows at a time, each lot in a transaction of its own.

One DELETE over millions of rows holds SQLite's only write lock for as long as it lasts, and PostgreSQL's row locks and
log. What was deleted before an interruption stays deleted; the next run goes on.
"""

from typing import Any

from django.db.models import QuerySet

ROWS = 1_000


def delete(rows: QuerySet[Any], *, at_once: int = ROWS) -> int:
    """Delete what `rows` finds, and what hangs on it. Returns how many rows went, in all tables."""
    gone = 0
    while keys := list(rows.order_by().values_list("pk", flat=True)[:at_once]):
        gone += rows.model._base_manager.filter(pk__in=keys).delete()[0]
    return gone
