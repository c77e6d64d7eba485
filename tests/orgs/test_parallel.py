"""Administrators who act upon each other at the same moment, on both databases."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from fairlead.orgs import organizations
from fairlead.orgs.models import Membership
from tests.orgs.signed_in import Member

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    ready, answers = threading.Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        try:
            ready.wait()
            answers.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_of_two_administrators_who_take_it_from_each_other_one_is_left(method: str) -> None:
    for number in range(5):
        organization = organizations.create(f"Organization {number}")
        first, second = (
            Member(Client(), organization, f"{name}{number}@example.org", role="admin") for name in ("first", "second")
        )
        body = {"role": "member"} if method == "PATCH" else None
        answers = at_once(
            [
                lambda by=by, on=on, body=body: by.call(method, f"/org/member/{on.membership.pk}", body)  # type: ignore[misc]
                for by, on in ((first, second), (second, first))
            ]
        )
        statuses = Counter(answer.status_code for answer in answers)
        assert statuses[200] + statuses[204] == 1
        assert Membership.objects.filter(organization=organization, role="admin", ended_at=None).count() == 1


def test_of_three_who_all_leave_one_stays() -> None:
    organization = organizations.create("Organization")
    members = [Member(Client(), organization, f"person{number}@example.org", role="admin") for number in range(3)]
    answers = at_once(
        [lambda one=one: one.call("DELETE", f"/org/member/{one.membership.pk}") for one in members]  # type: ignore[misc]
    )
    assert Counter(answer.status_code for answer in answers) == {204: 2, 409: 1}
    assert Membership.objects.filter(organization=organization, role="admin", ended_at=None).count() == 1
