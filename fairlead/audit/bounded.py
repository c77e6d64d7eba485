"""How many rows refusals may leave. Of one client network, code and hour there are twenty, the last of which counts.

Whoever comes from many networks leaves a hundred, and all together leave a thousand; one row more counts what goes
beyond. Several processes that write at once may leave one each too many of the latter two.
"""

import uuid
from typing import NamedTuple

from django.db import IntegrityError
from django.db.models import F

from fairlead.audit.models import Refusal
from fairlead.transactions import durable

MOST = 20  # rows of one client network, code and hour
MOST_OF_WIDER = 100  # of all networks of one /48 (IPv4: /24)
MOST_IN_ALL = 1_000  # of all networks
OTHERS = "other networks"  # the source of the row that counts beyond these


class Kept(NamedTuple):
    """The row that holds or counts a refusal, and how many it stands for now."""

    id: str
    stands_for: int = 1


class Place(NamedTuple):
    """Where a refusal goes: another row of `source`, or the row that is `counting`."""

    source: str
    nth: int = 1
    counting: Refusal | None = None


def write(row: Refusal, *, most: int) -> Kept:
    """At once: the row, or its count on another. Raises DatabaseError and InterfaceError."""
    for _ in range(most + 1):
        found = place(row, most=most)
        if found.counting is not None:
            counting = Refusal.objects.filter(pk=found.counting.pk)
            with durable():
                counting.update(count=F("count") + row.count, last_at=row.at)
                return Kept(found.counting.pk, *counting.values_list("count", flat=True))
        row.source, row.nth = found.source, found.nth
        try:
            with durable():
                row.save(force_insert=True)
        except IntegrityError:
            # Somebody else was the nth, or a proxy gave two requests one id.
            if Refusal.objects.filter(pk=row.pk).exists():
                row.pk = uuid.uuid4().hex
        else:
            break
    return Kept(row.pk, row.count)


def place(row: Refusal, *, most: int) -> Place:
    """Where it goes, of at most so many rows of its source."""
    row.hour = row.at.replace(minute=0, second=0, microsecond=0)
    of_hour = Refusal.objects.filter(code=row.code, hour=row.hour)
    last = of_hour.filter(source=row.source).order_by("-nth").first()
    if last is not None and last.nth >= most:
        return Place(row.source, counting=last)
    networks = of_hour.exclude(wider="")
    for bound, rows, source in (
        (MOST_IN_ALL, networks, OTHERS),
        (MOST_OF_WIDER, networks.filter(wider=row.wider), row.wider),
    ):
        if row.wider and rows.count() >= bound:
            return Place(source, counting=of_hour.filter(source=source).first())
    return Place(row.source, nth=last.nth + 1 if last else 1)
