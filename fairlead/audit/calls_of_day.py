"""How many calls an organization's users made in a day: rows by pool, client and code, accepted ones under `ok`.

An accepted call costs a count in this process and nothing else; `token_doors` writes them in its rounds.
"""

import hashlib
import threading
from collections import Counter
from datetime import date

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from fairlead.audit.models import CallsOfDay
from fairlead.tallies import Tallies
from fairlead.transactions import durable

ACCEPTED = "ok"
MOST = 10_000  # clients that one process counts apart; calls of further ones count for their organization
_Whose = tuple[object, object, object]


class AcceptedCalls:
    """Of one process. Each is counted for its organization, pool and client (their ids)."""

    def __init__(self) -> None:
        self._tallies: Tallies[_Whose] = Tallies()
        self._unwritten: Counter[_Whose] = Counter()
        self._writing = threading.Lock()

    def count(self, organization: object, pool: object, client: object) -> None:
        whose = (organization, pool, client) if len(self._tallies) < MOST else (organization, None, None)
        self._tallies.count(whose)

    def write(self) -> None:
        """What fails to be written stays for the next round."""
        with self._writing:
            self._unwritten.update(self._tallies.taken())
            today = timezone.now().date()
            for whose, count in list(self._unwritten.items()):
                organization, pool, client = whose
                add(day=today, organization=organization, pool=pool, client=client, code=ACCEPTED, count=count)
                del self._unwritten[whose]


def add(*, day: date, organization: object, pool: object, client: object, code: str, count: int) -> None:
    """Add to the row of this day and these, or make it."""
    of_day = {"day": day, "organization": organization, "pool": pool, "client": client, "code": code}
    name = hashlib.sha256("\0".join(map(str, of_day.values())).encode()).hexdigest()
    row = CallsOfDay.objects.filter(pk=name)
    if not row.update(count=F("count") + count):
        try:
            with durable():
                CallsOfDay.objects.create(key=name, count=count, **of_day)
        except IntegrityError:
            row.update(count=F("count") + count)
