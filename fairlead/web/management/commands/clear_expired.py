"""`manage.py clear_expired`: removes what has had its day. Each app says in `seams.expired` what that is."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from fairlead.web import seams
from fairlead.web.models import FinishedJob


class Command(BaseCommand):
    help = "Delete expired one-time rows, ended sessions, counters of attempts, old audit events. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for what, remove in seams.expired.items():
            self.stdout.write(f"{what}: ", ending="")
            self.stdout.flush()
            self.stdout.write(f"{remove(now)} deleted")
        FinishedJob.objects.update_or_create(name="clear_expired", defaults={"ended_at": timezone.now()})
