"""Whom an administrator may touch.

One who is not a superuser changes nobody who is an administrator, makes nobody one, and neither changes nor vouches
for an address: a link to choose a new password goes there. Else the right to edit people would be the right to become
anybody.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User


def is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def may_touch(request: HttpRequest, person: User | None) -> bool:
    return person is None or is_superuser(request) or not (person.is_superuser or person.is_staff)


def out_of_reach(request: HttpRequest, chosen: QuerySet[User]) -> list[Any]:
    return [person.pk for person in chosen if not may_touch(request, person)]


def actor(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
