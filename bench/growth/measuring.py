"""T15, T23 and `clear_expired`, in this process against full tables."""

import io
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from bench.counting import counted
from bench.growth.data import organization_id
from bench.results import Row
from bench.stage import caller
from fairlead.orgs import api_keys
from fairlead.orgs.models import Organization
from userpools.models import UserPool

_TIMES = 15


def lists() -> list[Row]:
    """The list of pools of the organization that has most of them, by its API key: the whole request, in process."""
    organization = Organization.objects.get(pk=organization_id())
    _, minted = api_keys.make(organization, name="bench")
    with_key = {"Authorization": f"Bearer {minted.plaintext}"}
    first = caller("/org/userPool?limit=50", **with_key)
    far = caller(_far_page(with_key), **with_key)
    with counted() as seen:
        first()
        far()
    times = {"first": _best(first), "far": _best(far)}
    counting = sum("COUNT(" in sql or " OFFSET " in sql for sql in seen.statements)
    return [
        Row(part="T15.page", measured=times["first"] * 1e3),
        Row(part="T15.far", measured=times["far"] / times["first"]),
        Row(part="T15.count", measured=counting),
    ]


def _far_page(with_key: dict[str, str]) -> str:
    """The address of a page near the end: the pages are walked, since only the service makes cursors."""
    client, url = Client(), "/org/userPool?limit=200"
    wanted = UserPool.objects.filter(organization_id=organization_id()).count() * 9 // 10
    walked = 0
    while walked < wanted:
        page = client.get(url, headers=with_key).json()
        walked += len(page["results"])
        if page["next"] is None:
            break
        url = page["next"]
    return url.partition("//")[2].partition("/")[2].join(("/", "")).replace("limit=200", "limit=50")


def admin() -> list[Row]:
    """Each page as a superuser gets it: the median of several, the first of which found nothing warm."""
    staff = User.objects.create_superuser("superuser@example.org", "a password of the bench", name="Super User")
    client = Client()
    client.force_login(staff)
    audit, people = "/admin/fairlead_audit/auditevent/", "/admin/accounts/user/"
    pages = {
        "T23.audit": audit,
        "T23.audit.found": f"{audit}?q=198.51.100.7",
        "T23.audit.nothing": f"{audit}?q=nothing-is-called-so",
        "T23.people": people,
        "T23.people.found": f"{people}?q=person.4711",
        "T23.people.nothing": f"{people}?q=nobody-is-called-so",
    }
    return [_page(part, client, path) for part, path in pages.items()]


def _page(part: str, client: Client, path: str) -> Row:
    def get() -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")

    times = [_timed(get) for _ in range(5)]
    return Row(part=part, measured=median(times) * 1e3, spread=(min(times) * 1e3, max(times) * 1e3))


def clear_expired() -> dict[str, Any]:
    """How long it takes, what it removes, and the longest statement: so long others may wait for its locks."""
    longest = {"seconds": 0.0, "sql": ""}

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken = time.perf_counter() - began
            if taken > longest["seconds"]:
                longest.update(seconds=taken, sql=sql[:200])

    printed = io.StringIO()
    began = time.perf_counter()
    with connection.execute_wrapper(watch):
        call_command("clear_expired", stdout=printed)
    taken = time.perf_counter() - began
    return {"seconds": taken, "longest_statement": longest, "removed": printed.getvalue().splitlines()}


def _best(call: Callable[[], None]) -> float:
    call()
    return min(_timed(call) for _ in range(_TIMES))


def _timed(call: Callable[[], None]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
