"""T12, T13: beginning a sign-in, and coming back from the provider."""

from collections import Counter

from django.db import connection
from django.test import Client

from bench import provider
from bench.counting import counted
from bench.results import Row
from bench.timing import cpu
from fairlead.idtokens import fetch
from tests.oidc_login.scripted import ScriptedProvider

_TRIPS = 25


def measure() -> list[Row]:
    with provider.running() as scripted:
        browser = Client()
        for _ in range(3):
            provider.callback(browser, scripted.authorize(provider.initiate(browser)))
        return [*_initiate(scripted), *_callback(scripted)]


def _initiate(scripted: ScriptedProvider) -> list[Row]:
    browser, before = Client(), scripted.calls.total()
    with counted() as seen:
        provider.initiate(browser)
    return [
        Row(target="T12", what="initiate: calls upstream", measured=scripted.calls.total() - before, must=0),
        Row(target="T12", what="initiate: writes", measured=seen.writes, must=1),
        Row(target="T12", what="initiate: queries", measured=seen.queries),
    ]


def _callback(scripted: ScriptedProvider) -> list[Row]:
    browser = Client()
    held: list[bool] = []
    spent, calls = float("inf"), Counter()
    for _ in range(_TRIPS):
        query = scripted.authorize(provider.initiate(browser))
        before = Counter(scripted.calls)
        fetch.before_request = lambda url: held.append(connection.in_atomic_block)
        spent = min(spent, cpu(lambda query=query: provider.callback(browser, query)))
        fetch.before_request = None
        calls = Counter(scripted.calls) - before
    query = scripted.authorize(provider.initiate(browser))
    with counted() as seen:
        provider.callback(browser, query)
    return [
        Row(target="T13", what="callback, warm: calls upstream", measured=calls.total(), must=2),
        Row(target="T13", what="  of them discovery and keys", measured=calls.total() - calls["token"]
            - calls["userinfo"], must=0),
        Row(target="T13", what="  of them inside a transaction", measured=sum(held), must=0),
        Row(target="T13", what="callback: commits", measured=seen.commits, must=2),
        Row(target="T13", what="callback: queries", measured=seen.queries),
        Row(target="T13", what="callback: own CPU", measured=spent * 1e3, unit="ms", must=5, best=3),
    ]  # fmt: skip
