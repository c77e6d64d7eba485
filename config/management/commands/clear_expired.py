"""Removes what has had its day: one-time rows, ended sessions, counters, and audit events past their time."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session as BrowserSession
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import expiry as accounts_expiry
from fairlead.audit.models import AuditEvent
from fairlead.idtokens import issuers
from fairlead.web import rate_limits
from oidc_login import expiry as login_expiry
from userpools import signing_keys


class Command(BaseCommand):
    help = "Delete expired one-time rows, ended sessions, counters of attempts and old audit events. Run it daily."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--audit-days", type=int, default=400, help="keep audit events for this many days (default: 400)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        removed = {
            "rows of sign-ins": login_expiry.forget_expired(now=now),
            "sessions, tokens and mailed links": accounts_expiry.forget_expired(now=now),
            "browser sessions": BrowserSession.objects.filter(expire_date__lt=now).delete()[0],
            "counters of attempts": rate_limits.forget_ended(),
            "keys of hosted pools whose last token has expired": signing_keys.remove_ended(),
            "key sets nobody asks for": issuers.clear_expired(now=now.timestamp()),
            "audit events": AuditEvent.objects.all().remove_older_than(now - timedelta(days=options["audit_days"])),
        }
        for what, count in removed.items():
            self.stdout.write(f"{count:>8}  {what}")
