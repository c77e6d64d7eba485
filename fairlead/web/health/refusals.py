"""Who was refused within a day: what for, how often, and what the operator can do about it. Asks nobody."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext

from fairlead import causes
from fairlead.audit.models import CallsOfDay, Refusal
from fairlead.causes import Cause
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, note

_MOST = 8  # kinds that are told
_DAY = timedelta(days=1)


def look(asked: Asked) -> Iterator[Finding]:
    """Notes alone: that somebody is refused is no fault of the installation."""
    since = timezone.now() - _DAY
    recent = Refusal.objects.filter(at__gt=since).order_by()
    kinds = recent.values("code", "cause", "provider").annotate(times=Sum("count"), last=Max("at")).order_by("-times")
    for kind in kinds[:_MOST]:
        row = recent.filter(code=kind["code"], cause=kind["cause"], provider=kind["provider"]).latest("at")
        at = f" ({kind['provider']})" if kind["provider"] else ""
        yield note(
            f"{kind['code']}{at}",
            gettext("{count} within a day, last at {time} UTC, error id {id}.").format(
                count=kind["times"], time=f"{kind['last']:%H:%M:%S}", id=row.pk
            ),
            why=_operators(row),
        )
    calls = CallsOfDay.objects.filter(day__gte=since.date()).values("code").annotate(times=Sum("count"))
    for refused in calls.order_by("-times")[:_MOST]:
        text = gettext("{count} calls since yesterday.").format(count=refused["times"])
        yield note(refused["code"], text, gettext("Their samples are in the log, by organization and client."))
    if not kinds and not calls:
        yield good(gettext("Refusals"), gettext("Nobody was refused within a day."))


def _operators(row: Refusal) -> str:
    """The sentence for the operator; of a cause of an older version, only its name."""
    if row.cause not in causes.TABLE:
        return row.cause
    try:
        return Cause(row.cause, row.code, row.facts).operator
    except KeyError:
        return row.cause
