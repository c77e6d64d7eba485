"""What the database knows of how the service is, read when somebody scrapes: mails, other people's documents, jobs."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db import Error
from django.db.models import Count, F, Min, Q
from django.utils import timezone

from fairlead import metrics
from fairlead.web.models import FinishedJob, OutgoingMail

log = logging.getLogger(__name__)
# A document that nobody asked for in this time grows old without harm.
ASKED_FOR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A gauge with its value by kind; without kinds, under the empty one."""

    name: str
    meaning: str
    values: Mapping[str, float]
    by_kind: bool = False


MAILS = "fairlead_mails_waiting"
OLDEST_MAIL = "fairlead_mails_oldest_seconds"
OLDEST_DOCUMENT = "fairlead_documents_oldest_seconds"
STALE_DOCUMENTS = "fairlead_documents_stale"
JOB_ENDED = "fairlead_job_ended_timestamp_seconds"
metrics.names.update({MAILS, OLDEST_MAIL, OLDEST_DOCUMENT, STALE_DOCUMENTS, JOB_ENDED})


def read() -> list[Reading]:
    """Four queries. Empty while the database does not answer: what the processes counted is told all the same."""
    now = timezone.now()
    try:
        return [*_mails(now), *_documents(now), *_jobs()]
    except Error as fault:
        log.warning("metrics: the database's part cannot be read", extra={"cause": type(fault).__name__})
        return []


def _mails(now: datetime) -> Iterator[Reading]:
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING)
    found = waiting.aggregate(count=Count("pk"), oldest=Min("created_at"))
    age = (now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    yield Reading(name=MAILS, meaning="Mails that wait to be sent", values={"": found["count"]})
    yield Reading(name=OLDEST_MAIL, meaning="How long the oldest of them has waited", values={"": age})


def _documents(now: datetime) -> Iterator[Reading]:
    """Key sets and discovery documents. Stale: the last attempt failed, so an older one serves, or none."""
    if not apps.is_installed("fairlead.idtokens"):
        return
    from fairlead.idtokens.models import RemoteDocument

    failed = Q(error_at__gt=F("fetched_at")) | Q(fetched_at=None, error_at__isnull=False)
    found = {
        row["kind"]: row
        for row in RemoteDocument.objects.filter(next_fetch_at__gt=now - ASKED_FOR)
        .values("kind")
        .annotate(oldest=Min("fetched_at"), stale=Count("pk", filter=failed))
    }
    kinds = {"keys": RemoteDocument.Kind.KEYS, "discovery": RemoteDocument.Kind.METADATA}
    oldest = {kind: found[stored]["oldest"] if stored in found else None for kind, stored in kinds.items()}
    yield Reading(
        name=OLDEST_DOCUMENT,
        meaning="Age of the oldest key set and discovery document that was asked for within an hour",
        values={kind: (now - at).total_seconds() if at else 0.0 for kind, at in oldest.items()},
        by_kind=True,
    )
    yield Reading(
        name=STALE_DOCUMENTS,
        meaning="Those of them whose last fetch failed",
        values={kind: found[stored]["stale"] if stored in found else 0 for kind, stored in kinds.items()},
        by_kind=True,
    )


def _jobs() -> Iterator[Reading]:
    ended = {row.name: row.ended_at.timestamp() for row in FinishedJob.objects.all()}
    yield Reading(
        name=JOB_ENDED,
        meaning="When a job of the timers last came to its end; 0: never",
        values={name: ended.get(name, 0.0) for name in FinishedJob.NAMES},
        by_kind=True,
    )
