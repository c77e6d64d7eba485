"""T6, T7, T19: our own access token and an API key, each at a view that only says hello; queries of /api/auth/me."""

from collections.abc import Callable
from functools import partial

from django.test import RequestFactory

from accounts.models import User
from accounts.sessions import tokens
from bench.counting import counted
from bench.results import Row
from bench.stage import bare, caller
from bench.timing import Case, best
from fairlead import memory
from fairlead.orgs import api_keys, organizations


def measure() -> list[Row]:
    user = User.objects.create_user("owner@example.org", "a password of the bench", name="Owner")
    pair = tokens.issue(user, request=RequestFactory().get("/"), method="password")
    _, minted = api_keys.make(organizations.create("Bench"), name="backend")
    token = partial(caller("/bench/access-token"), pair.access_token)
    key = partial(caller("/bench/api-key"), minted.plaintext)
    token()
    key()
    me = partial(caller("/api/auth/me"), pair.access_token)
    me()
    times = best(
        {
            "bare": Case(call=bare(), times=20),
            "token": Case(call=token, times=5, before_each=memory.forget_everything),
            "token again": Case(call=token, times=10),
            "key": Case(call=key, times=5, before_each=memory.forget_everything),
            "key again": Case(call=key, times=10),
        }
    )
    r = {name: times["bare"] / taken for name, taken in times.items()}
    return [
        Row(part="T6.r.first", measured=r["token"]),
        Row(part="T6.r", measured=r["token again"]),
        Row(part="T6.queries.first", measured=_queries(token, memory.forget_everything)[0]),
        Row(part="T6.queries", measured=_queries(token)[0]),
        Row(part="T7.r.first", measured=r["key"]),
        Row(part="T7.r", measured=r["key again"]),
        Row(part="T7.queries", measured=_queries(key, memory.forget_everything)[0]),
        Row(part="T7.queries.again", measured=_queries(key)[0]),
        Row(part="T7.writes", measured=_queries(key, memory.forget_everything)[1]),
        Row(part="T19.queries", measured=_queries(me, memory.forget_everything)[0]),
    ]


def _queries(call: Callable[[], None], forget: Callable[[], None] | None = None) -> tuple[int, int]:
    """How many statements one more call costs, and how many of them write."""
    call()
    if forget is not None:
        forget()
    with counted() as seen:
        call()
    return seen.queries, seen.writes
