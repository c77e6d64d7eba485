"""The database behind the document cache: snapshots, the cooldown over all processes, the fetch budgets.

Each write is a transaction of its own (`durable`): inside somebody else's it would be undone by their error, and hold
locks while the other side is asked.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import F

from fairlead.idtokens.documents import COOLDOWN, Snapshot
from fairlead.idtokens.models import FetchBudget, KeySetSnapshot
from fairlead.transactions import durable

FETCHES_PER_MINUTE = 30
_UNUSED = timedelta(days=30)


class DatabaseStore:
    """`documents.Store` over the two models. Works on SQLite and PostgreSQL."""

    def load(self, kind: str, url: str) -> Snapshot | None:
        """What is known about this URL."""
        row = KeySetSnapshot.objects.filter(kind=kind, url=url).first()
        return None if row is None else snapshot_of(row)

    def claim(self, kind: str, url: str, *, now: float) -> bool:
        """Take the URL's cooldown: one conditional UPDATE, so that exactly one process gets it."""
        moment = _time(now)
        taken = {"next_fetch_at": _time(now + COOLDOWN), "claimed_at": moment}
        due = KeySetSnapshot.objects.filter(kind=kind, url=url, next_fetch_at__lte=moment)
        with durable():
            if due.update(**taken):
                return True
            row = KeySetSnapshot(kind=kind, url=url, next_fetch_at=moment)
            KeySetSnapshot.objects.bulk_create([row], ignore_conflicts=True)
            return due.update(**taken) == 1

    def spend(self, budgets: list[str], *, now: float) -> bool:
        """Charge one fetch to each budget; False as soon as one is used up."""
        minute = int(now // 60)
        return all(self._spend(name[:300], minute) for name in budgets)

    def _spend(self, name: str, minute: int) -> bool:
        budget = FetchBudget.objects.filter(name=name)
        with durable():
            if budget.filter(minute=minute, spent__lt=FETCHES_PER_MINUTE).update(spent=F("spent") + 1):
                return True
            if budget.filter(minute__lt=minute).update(minute=minute, spent=1):
                return True
        try:
            with durable():
                if budget.exists():
                    return False
                FetchBudget.objects.create(name=name, minute=minute, spent=1)
        except IntegrityError:
            # Another process made the row in this moment: it has room, being new.
            return bool(budget.filter(minute=minute, spent__lt=FETCHES_PER_MINUTE).update(spent=F("spent") + 1))
        return True

    def keep(self, kind: str, url: str, *, document: Any, fetched_at: float, fresh_until: float) -> None:
        """Remember a good document."""
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        with durable():
            KeySetSnapshot.objects.filter(kind=kind, url=url).update(
                document=text, fetched_at=_time(fetched_at), fresh_until=_time(fresh_until), error=""
            )

    def fail(self, kind: str, url: str, *, error: str, final: bool, at: float) -> None:
        """Remember a failed attempt."""
        with durable():
            KeySetSnapshot.objects.filter(kind=kind, url=url).update(
                error=error[:1000], error_is_final=final, error_at=_time(at)
            )

    def clear_expired(self, *, now: float) -> int:
        """Delete what nobody has asked for in 30 days. Returns how many rows went."""
        old = _time(now) - _UNUSED
        snapshots, _ = KeySetSnapshot.objects.filter(next_fetch_at__lt=old).delete()
        budgets, _ = FetchBudget.objects.filter(minute__lt=int(old.timestamp() // 60)).delete()
        return snapshots + budgets


def snapshot_of(row: KeySetSnapshot) -> Snapshot:
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
