"""Administrators who act upon each other at the same moment, on both databases."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from fairlead.orgs import organizations
from fairlead.orgs.models import Membership
from tests.orgs.signed_in import Member, access_token, person
from tests.orgs.test_invitation_calls import EMAIL, invited

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


def at_the_same_door(raw_token: str, signed_in: str = "", **more: str) -> Counter[int]:
    """Fifty acceptances of one invitation at once; how often each status came."""

    def accept() -> int:
        headers = {"Authorization": f"Bearer {signed_in}"} if signed_in else {}
        for _ in range(100):
            answer = Client().post(
                "/api/auth/invitation/accept", {"token": raw_token, **more}, "application/json", headers=headers
            )
            if answer.status_code != 429:
                break
        return int(answer.status_code)

    return Counter(at_once([accept] * 50))


def test_of_fifty_acceptances_by_somebody_with_an_account_one_counts() -> None:
    admin = Member(Client(), organizations.create("Organization"), "admin@example.org", role="admin")
    raw_token = invited(admin)
    person(EMAIL)
    statuses = at_the_same_door(raw_token, access_token(Client(), EMAIL))
    assert statuses[200] == 1
    # Who came later finds the invitation used up, or, a moment later still, that they are a member.
    assert statuses[400] + statuses[409] == 49
    assert Membership.objects.filter(organization=admin.organization).count() == 2


def test_of_fifty_acceptances_by_somebody_new_one_makes_an_account() -> None:
    admin = Member(Client(), organizations.create("Organization"), "admin@example.org", role="admin")
    statuses = at_the_same_door(invited(admin), name="New", password="an uncommon long phrase")
    assert statuses[201] == 1
    assert statuses[400] + statuses[401] == 49
    assert User.objects.filter(email=EMAIL).count() == 1
    assert Membership.objects.filter(organization=admin.organization).count() == 2
