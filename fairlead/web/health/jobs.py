"""What a timer has to run: `clear_expired` has ended not long ago."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext

from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, note, warning
from fairlead.web.models import FinishedJob

_LATE = timedelta(days=3)


def look(asked: Asked) -> Iterator[Finding]:
    """Asks nobody. Before its first run nobody can know how old the installation is."""
    row = FinishedJob.objects.filter(name="clear_expired").first()
    remedy = gettext("Have a timer run python manage.py clear_expired once a day.")
    if row is None:
        yield note("clear_expired", gettext("It has never ended here."), remedy)
    elif (age := timezone.now() - row.ended_at) > _LATE:
        text = gettext("It ended {days} days ago the last time.").format(days=age.days)
        yield warning("clear_expired", text, remedy, why=gettext("Expired rows and old records pile up."))
    else:
        yield good("clear_expired", gettext("It ended at {time} UTC.").format(time=f"{row.ended_at:%Y-%m-%d %H:%M:%S}"))
