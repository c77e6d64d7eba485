"""When people were last seen, for those who administer them elsewhere."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from accounts.models import Session


def of(people: Collection[Any]) -> Mapping[Any, datetime]:
    """The last moment in which any session of each of these people (by key) was in use, to within five minutes."""
    seen = Session.objects.filter(user__in=people).values_list("user").annotate(Max("last_seen_at"))
    return dict(seen)
