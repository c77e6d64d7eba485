"""`manage.py send_mails`: sends what waits in the outbox. For a timer, beside or instead of the server's own thread."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fairlead.web import outbox


class Command(BaseCommand):
    help = "Send the mails that wait. Run it every minute where the server does not send them itself."

    def handle(self, *args: Any, **options: Any) -> None:
        done = outbox.send_due()
        self.stdout.write(f"{done.sent} sent, {done.failed} failed, {done.waiting} waiting")
        if done.failed:
            raise CommandError(
                f"{done.failed} could not be sent: the log names the cause of each (`mail not sent yet` is tried "
                "again, `mail given up` is not). Compare the settings of the mail server."
            )
