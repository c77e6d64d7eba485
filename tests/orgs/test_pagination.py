from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import ApiKey, Organization
from tests.orgs.conftest import bearer

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(organization: Organization, raw_key: str) -> list[str]:
    """Nine keys, three of them made in one instant; their names newest first."""
    for number in range(8):
        api_keys.make(organization, name=f"key {number}")
    moment = timezone.now()
    for key in ApiKey.objects.filter(name__in=["key 2", "key 3", "key 4"]):
        ApiKey.objects.filter(pk=key.pk).update(created_at=moment)
    return [key.name for key in ApiKey.objects.order_by("-created_at", "-id")]


def pages_of(door: Client, raw_key: str, address: str, member: str) -> list[Any]:
    found = []
    while address:
        answer = door.get(address, headers=bearer(raw_key))
        assert answer.status_code == 200, answer.content
        found.append(answer.json())
        address = answer.json()[member]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 8, 9, 10])
def test_next_walks_all_rows_once_and_previous_walks_back(
    door: Client, raw_key: str, many: list[str], limit: int
) -> None:
    there = pages_of(door, raw_key, f"/org/keys?limit={limit}", "next")
    assert [name for page in there for name in page["results"]] == many
    assert all(len(page["results"]) <= limit for page in there)
    assert there[0]["previous"] is None
    back = pages_of(door, raw_key, there[-1]["previous"] or f"/org/keys?limit={limit}", "previous")
    walked = [name for page in reversed(back) for name in page["results"]]
    assert walked == (many[: len(many) - len(there[-1]["results"])] if len(there) > 1 else many)


def test_rows_added_or_removed_meanwhile_neither_repeat_nor_hide_others(
    door: Client, organization: Organization, raw_key: str, many: list[str]
) -> None:
    first = door.get("/org/keys?limit=4", headers=bearer(raw_key)).json()
    api_keys.make(organization, name="newcomer")
    ApiKey.objects.filter(name=first["results"][-1]).delete()
    second = door.get(first["next"], headers=bearer(raw_key)).json()
    assert second["results"] == many[4:8]


def test_a_page_is_one_query_without_count_or_offset(
    door: Client, raw_key: str, many: list[str], django_assert_num_queries: Any
) -> None:
    first = door.get("/org/keys?limit=2", headers=bearer(raw_key)).json()
    with django_assert_num_queries(1) as captured:
        door.get(first["next"], headers=bearer(raw_key))
    sql = captured[0]["sql"].upper()
    assert "OFFSET" not in sql
    assert "COUNT(" not in sql


def test_links_are_built_from_app_url_and_not_from_the_host_header(
    door: Client, raw_key: str, many: list[str], settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    answer = door.get("/org/keys?limit=2", headers={**bearer(raw_key), "Host": "evil.example"})
    assert answer.json()["next"].startswith("http://testserver/org/keys?")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "abc", "", "1.5", "1e1", " 5", "\u0665", "9" * 5000])
def test_a_limit_that_is_none_is_400_and_named(door: Client, raw_key: str, limit: str) -> None:
    answer = door.get("/org/keys", {"limit": limit}, headers=bearer(raw_key))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert list(answer.json()["errors"]) == ["limit"]


def cursor_of(door: Client, raw_key: str) -> str:
    address = door.get("/org/keys?limit=1", headers=bearer(raw_key)).json()["next"]
    return parse_qs(urlsplit(address).query)["cursor"][0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: "",
        lambda c: "x",
        lambda c: c[:-1],
        lambda c: c.split(".")[0],
        lambda c: "B" + c[1:],
        lambda c: c + "\x00",
        lambda c: c + "\u00e9",
        lambda c: c * 100,
    ],
)
def test_a_cursor_that_was_not_given_out_is_400(door: Client, raw_key: str, many: list[str], spoil: Any) -> None:
    cursor = cursor_of(door, raw_key)
    assert door.get("/org/keys", {"cursor": cursor}, headers=bearer(raw_key)).status_code == 200
    answer = door.get("/org/keys", {"cursor": spoil(cursor)}, headers=bearer(raw_key))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert list(answer.json()["errors"]) == ["cursor"]


def test_another_tenants_cursor_is_as_bad_as_an_invented_one(door: Client, raw_key: str, many: list[str]) -> None:
    other = organizations.create("Other")
    _, theirs = api_keys.make(other, name="a")
    api_keys.make(other, name="b")
    answers = [
        door.get("/org/keys", {"cursor": cursor}, headers=bearer(raw_key))
        for cursor in (cursor_of(door, theirs.plaintext), "invented")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]


def test_times_survive_the_cursor_to_the_microsecond(door: Client, organization: Organization, raw_key: str) -> None:
    key = ApiKey.objects.get()
    for step in range(1, 5):
        other, _ = api_keys.make(organization, name=str(step))
        ApiKey.objects.filter(pk=other.pk).update(created_at=key.created_at - timedelta(microseconds=step))
    there = pages_of(door, raw_key, "/org/keys?limit=1", "next")
    assert [page["results"][0] for page in there] == ["backend", "1", "2", "3", "4"]
