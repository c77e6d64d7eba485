"""Counting what a piece of code does to the database: a count is the same on every machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass
class Counted:
    """`commits` counts transactions that were committed and writes outside of any."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    @property
    def queries(self) -> int:
        return len(self.statements)

    @property
    def writes(self) -> int:
        return sum(sql.startswith(_WRITES) for sql in self.statements)


@contextmanager
def counted() -> Iterator[Counted]:
    """What this thread's connection is asked meanwhile."""
    seen = Counted()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        plain = sql.lstrip().upper()
        if not plain.startswith(_CONTROL):
            seen.statements.append(plain)
            seen.commits += plain.startswith(_WRITES) and not connection.in_atomic_block
        return execute(sql, params, many, context)

    commit = connection.commit

    def count_commit() -> None:
        seen.commits += 1
        commit()

    connection.commit = count_commit
    try:
        with connection.execute_wrapper(note):
            yield seen
    finally:
        del connection.commit
