"""T6, T7: our own access token, and an API key, each at a view that only says hello."""

from collections.abc import Callable
from functools import partial

from django.test import RequestFactory

from accounts.models import User
from accounts.sessions import tokens
from bench.counting import counted
from bench.results import Row
from bench.stage import caller
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
    times = best(
        {
            "bare": Case(call=caller("/bench/bare"), times=10),
            "token": Case(call=token, times=5, before_each=memory.forget_everything),
            "token again": Case(call=token, times=10),
            "key": Case(call=key, times=5, before_each=memory.forget_everything),
            "key again": Case(call=key, times=10),
        }
    )
    ratio = {name: times["bare"] / taken for name, taken in times.items()}
    return [
        Row(target="T6", what="own access token, first time", measured=ratio["token"], unit="R"),
        Row(target="T6", what="own access token, again", measured=ratio["token again"], unit="R", must=0.52, best=0.58,
            more_is_better=True),
        Row(target="T6", what="queries: first time", measured=_queries(token, memory.forget_everything)[0]),
        Row(target="T6", what="queries: again", measured=_queries(token)[0], must=0),
        Row(target="T7", what="API key, not cached", measured=ratio["key"], unit="R"),
        Row(target="T7", what="API key, cached", measured=ratio["key again"], unit="R", must=0.70, best=0.80,
            more_is_better=True),
        Row(target="T7", what="queries: not cached", measured=_queries(key, memory.forget_everything)[0], must=1),
        Row(target="T7", what="queries: cached", measured=_queries(key)[0], must=0),
        Row(target="T7", what="rows written per request", measured=_queries(key, memory.forget_everything)[1], must=0),
    ]  # fmt: skip


def _queries(call: Callable[[], None], forget: Callable[[], None] | None = None) -> tuple[int, int]:
    """How many statements one more call costs, and how many of them write."""
    call()
    if forget is not None:
        forget()
    with counted() as seen:
        call()
    return seen.queries, seen.writes
