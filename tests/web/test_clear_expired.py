"""The daily broom."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Session, User
from fairlead.audit.events import Event, record
from fairlead.audit.models import AuditEvent
from fairlead.web import seams
from oidc_login.models import SignInLink
from tests.configure import configure

pytestmark = pytest.mark.django_db


def test_only_what_has_had_its_day_goes(settings):
    user = User.objects.create_user("person@example.org", None)
    now = timezone.now()
    for days in (2, -1):
        SignInLink.objects.create(digest=f"{days}", user=user, expires_at=now - timedelta(days=days))
    for days in (31, 1):
        moment = now - timedelta(days=days)
        Session.objects.create(
            user=user,
            kind="api",
            device="x",
            method="password",
            started_at=moment,
            authenticated_at=moment,
            last_seen_at=moment,
            expires_at=now,
            ended_at=moment,
        )
    record(Event.SIGNED_IN)
    out = StringIO()
    call_command("clear_expired", stdout=out)
    assert (SignInLink.objects.count(), Session.objects.count(), AuditEvent.objects.count()) == (1, 1, 1)
    assert "1  rows of sign-ins" in out.getvalue()
    configure(settings, AUDIT_DAYS=0)
    call_command("clear_expired", stdout=out)
    assert not AuditEvent.objects.exists()


def test_every_app_says_what_of_its_own_expires():
    assert {what for what, _ in seams.expired.items()} >= {
        "rows of sign-ins",
        "sessions, tokens and mailed links",
        "browser sessions",
        "counters of attempts",
        "keys of hosted pools whose last token has expired",
        "key sets nobody asks for",
        "audit events",
    }
