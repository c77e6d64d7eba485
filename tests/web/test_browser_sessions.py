"""What the sessions' table holds opens nothing."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections

from fairlead.web.browser_sessions import SessionStore, digest
from tests.accounts.conftest import PASSWORD

T = TypeVar("T")

pytestmark = pytest.mark.django_db


async def closing(work: Coroutine[Any, Any, T]) -> T:
    """Close what the thread for synchronous code holds, or PostgreSQL would not let go of the test's database."""
    try:
        return await work
    finally:
        await sync_to_async(connections.close_all)()


def test_the_cookie_is_not_in_the_table(client, django_user_model):
    django_user_model.objects.create_user("person@example.org", PASSWORD)
    client.post("/login", {"email": "person@example.org", "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/account").status_code == 200
    (row,) = Session.objects.all()
    assert row.session_key == digest(cookie)
    assert cookie not in row.session_data


def test_the_table_s_key_as_a_cookie_opens_nothing(client, django_user_model):
    django_user_model.objects.create_user("person@example.org", PASSWORD)
    client.post("/login", {"email": "person@example.org", "password": PASSWORD})
    (row,) = Session.objects.all()
    client.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert client.get("/account").status_code == 302


def test_signing_out_takes_the_row_away(client, django_user_model):
    django_user_model.objects.create_user("person@example.org", PASSWORD)
    client.post("/login", {"email": "person@example.org", "password": PASSWORD})
    client.post("/logout")
    assert not Session.objects.exists()


def test_a_key_that_a_browser_made_up_is_not_taken_over():
    store = SessionStore("a" * 32)
    store["x"] = 1
    store.save()
    assert store.session_key != "a" * 32
    assert Session.objects.get().session_key == digest(store.session_key)


def test_a_session_that_was_deleted_meanwhile_does_not_come_back():
    store = SessionStore()
    store["x"] = 1
    store.save()
    SessionStore().delete(store.session_key)
    assert not Session.objects.exists()
    assert SessionStore(store.session_key).load() == {}


@pytest.mark.django_db(transaction=True)
def test_asynchronous_code_finds_the_same_session():
    store = SessionStore()
    store["x"] = 1
    store.save()

    async def walk() -> None:
        again = SessionStore(store.session_key)
        assert await again.aget("x") == 1
        assert await SessionStore().aexists(store.session_key)
        await again.aset("x", 2)
        await again.asave()
        assert await SessionStore(store.session_key).aget("x") == 2
        await again.adelete()
        assert not await SessionStore().aexists(store.session_key)

    asyncio.run(closing(walk()))
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_asynchronous_code_makes_sessions_by_digest_too():
    async def make() -> str:
        store = SessionStore()
        await store.aset("x", 1)
        await store.asave()
        return store.session_key

    key = asyncio.run(closing(make()))
    assert Session.objects.get().session_key == digest(key)
