"""The database behind the document cache: snapshots, the cooldown over all processes, the fetch budgets.

Each write is a transaction of its own (`durable`): inside somebody else's it would be undone by their error, and hold
locks while the other side is asked.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F

from fairlead import batches
from fairlead.idtokens.budgets import Budget
from fairlead.idtokens.documents import COOLDOWN, Snapshot
from fairlead.idtokens.models import FetchBudget, RemoteDocument
from fairlead.transactions import durable

_UNUSED = timedelta(days=30)


class DatabaseStore:
    """`documents.Store` over the two models. Works on SQLite and PostgreSQL."""

    def load(self, kind: str, url: str) -> Snapshot | None:
        """What is known about this URL."""
        row = RemoteDocument.objects.filter(kind=kind, url=url).first()
        return None if row is None else snapshot_of(row)

    def claim(self, kind: str, url: str, *, now: float) -> bool:
        """Take the URL's cooldown: one conditional UPDATE, so that exactly one process gets it."""
        moment = _time(now)
        taken = {"next_fetch_at": _time(now + COOLDOWN), "claimed_at": moment}
        due = RemoteDocument.objects.filter(kind=kind, url=url, next_fetch_at__lte=moment)
        with durable():
            if due.update(**taken):
                return True
            row = RemoteDocument(kind=kind, url=url, next_fetch_at=moment)
            RemoteDocument.objects.bulk_create([row], ignore_conflicts=True)
            return due.update(**taken) == 1

    def release(self, kind: str, url: str, *, claimed_at: float) -> None:
        """Give the cooldown back, unless it has become somebody else's."""
        moment = _time(claimed_at)
        with durable():
            mine = RemoteDocument.objects.filter(kind=kind, url=url, claimed_at=moment)
            mine.update(next_fetch_at=moment, claimed_at=None)

    def used_up(self, budgets: list[Budget], *, now: float) -> Budget | None:
        """The first budget that has nothing left, in one query."""
        minute, names = int(now // 60), [budget.name for budget in budgets]
        spent = dict(FetchBudget.objects.filter(name__in=names, minute=minute).values_list("name", "spent"))
        return next((budget for budget in budgets if spent.get(budget.name, 0) >= budget.most), None)

    def spend(self, budgets: list[Budget], *, now: float) -> Budget | None:
        """Charge one fetch to each budget, up to the one that is used up."""
        minute = int(now // 60)
        return next((budget for budget in budgets if not self._spend(budget, minute)), None)

    def _spend(self, wanted: Budget, minute: int) -> bool:
        budget = FetchBudget.objects.filter(name=wanted.name)
        room = budget.filter(minute=minute, spent__lt=wanted.most)
        with durable():
            if room.update(spent=F("spent") + 1) or budget.filter(minute__lt=minute).update(minute=minute, spent=1):
                return True
            # There was no row, or another process made it or began its minute since we looked: then it has room.
            row = FetchBudget(name=wanted.name, minute=minute, spent=0)
            FetchBudget.objects.bulk_create([row], ignore_conflicts=True)
            return room.update(spent=F("spent") + 1) == 1

    def keep(self, kind: str, url: str, *, document: Any, fetched_at: float, fresh_until: float) -> None:
        """Remember a good document."""
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        with durable():
            RemoteDocument.objects.filter(kind=kind, url=url).update(
                document=text, fetched_at=_time(fetched_at), fresh_until=_time(fresh_until), error=""
            )

    def fail(self, kind: str, url: str, *, error: str, final: bool, at: float) -> None:
        """Remember a failed attempt."""
        with durable():
            RemoteDocument.objects.filter(kind=kind, url=url).update(
                error=error[:1000], error_is_final=final, error_at=_time(at)
            )

    def clear_expired(self, *, now: float) -> int:
        """Delete what nobody has asked for in 30 days. Returns how many rows went."""
        old = _time(now) - _UNUSED
        spent = FetchBudget.objects.filter(minute__lt=int(old.timestamp() // 60))
        return batches.delete(RemoteDocument.objects.filter(next_fetch_at__lt=old)) + batches.delete(spent)


def snapshot_of(row: RemoteDocument) -> Snapshot:
    """The row as the cache sees it."""
    return Snapshot(
        document=json.loads(row.document) if row.document else None,
        fetched_at=_seconds(row.fetched_at),
        fresh_until=_seconds(row.fresh_until),
        next_fetch_at=_seconds(row.next_fetch_at),
        claimed_at=_seconds(row.claimed_at),
        error=row.error,
        error_at=_seconds(row.error_at),
        error_is_final=row.error_is_final,
    )


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
