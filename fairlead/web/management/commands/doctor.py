"""`manage.py doctor`: looks at this installation and says what is wrong, why, and what to do.

Exit status: 0 well, 1 warnings, 2 problems. What it looks at: `fairlead.web.health`.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext

from fairlead.web.health import examinations, report
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, Verdict


class Command(BaseCommand):
    help = "Examine this installation: settings, database, secrets, mail, address, providers, pools. Changes nothing."
    # They are one of the examinations: a fault must not keep the others from being looked at.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
        parser.add_argument("--offline", action="store_true", help="ask nobody outside")
        parser.add_argument("--provider", metavar="SLUG", default="", help="this sign-in provider alone")
        parser.add_argument("--pool", metavar="ID", default="", help="this user pool alone")
        parser.add_argument("--mail", metavar="ADDRESS", default="", help="send a mail there")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Asked(
            offline=options["offline"],
            provider=options["provider"],
            pool=options["pool"],
            mail_to=options["mail"],
        )
        if options["json"]:
            findings = examinations.run(asked)
            self.stdout.write(report.as_json(findings))
        else:
            findings = self._told(asked)
            style = {Verdict.WARNING: self.style.WARNING, Verdict.PROBLEM: self.style.ERROR}
            self.stdout.write(style.get(examinations.worst(findings), self.style.SUCCESS)(report.count(findings)))
        if status := report.exit_status(findings):
            sys.exit(status)

    def _told(self, asked: Asked) -> list[Finding]:
        """Each finding as soon as it is there, below the title of what is being looked at."""
        found = []
        for examination, findings in examinations.each(asked):
            asks = f" ({gettext('asks others, a few seconds')})" if examination.outside else ""
            self.stdout.write(f"{gettext(examination.title)}{asks}")
            self.stdout.flush()
            for finding in findings:
                found.append(finding)
                self.stdout.write(report.lines(finding))
                self.stdout.flush()
        return found
