"""The filter by status in the list of people. It says how many wait: somebody has to decide about them."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.filters import ChoicesFieldListFilter
from django.utils.translation import gettext

from accounts.models import User


class CountedStatus(ChoicesFieldListFilter):
    def choices(self, changelist: Any) -> Iterator[Any]:
        waiting = User.objects.filter(status=User.Status.PENDING).count()
        for each in super().choices(changelist):
            if waiting and each["display"] == User.Status.PENDING.label:
                each["display"] = gettext("{status} ({count})").format(status=each["display"], count=waiting)
            yield each
