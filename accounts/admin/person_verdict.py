"""The panel of a person's page that answers whether they can sign in, with what they were refused lately."""

from datetime import UTC
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts import lockouts
from accounts.models import User
from fairlead import causes

_SHOWN = 5


def refused_lately(request: HttpRequest, person: User) -> list[dict[str, Any]]:
    """The newest refusals with their pages, for whoever may read the record."""
    if not request.user.has_perm("fairlead_audit.view_refusal"):
        return []
    return [
        {
            "at": f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
            "code": each.code,
            "why": causes.of_record(each.cause, each.code, each.facts).operator,
            "address": reverse("admin:fairlead_audit_refusal_change", args=[each.pk]),
        }
        for each in lockouts.refusals(person)[:_SHOWN]
    ]
