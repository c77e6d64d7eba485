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
        Row(part="T12.calls", measured=scripted.calls.total() - before),
        Row(part="T12.writes", measured=seen.writes),
        Row(part="T12.queries", measured=seen.queries),
    ]


def _callback(scripted: ScriptedProvider) -> list[Row]:
    browser = Client()
    spent, calls = float("inf"), Counter[str]()
    for _ in range(_TRIPS):
        query = scripted.authorize(provider.initiate(browser))
        before = Counter(scripted.calls)
        spent = min(spent, cpu(lambda query=query: provider.callback(browser, query)))
        calls = Counter(scripted.calls) - before
    inside, connected = _held(browser, scripted)
    query = scripted.authorize(provider.initiate(browser))
    with counted() as seen:
        provider.callback(browser, query)
    return [
        Row(part="T13.calls", measured=calls.total()),
        Row(part="T13.discovery", measured=calls.total() - calls["token"] - calls["userinfo"]),
        Row(part="T13.held", measured=inside),
        Row(part="T13.connection", measured=connected),
        Row(part="T13.commits", measured=seen.commits),
        Row(part="T13.queries", measured=seen.queries),
        Row(part="T13.cpu", measured=spent * 1e3),
    ]


def _held(browser: Client, scripted: ScriptedProvider) -> tuple[int, int]:
    """How many calls to the provider were made inside a transaction, and how many with a connection open."""
    inside: list[bool] = []
    connected: list[bool] = []

    def look(url: str) -> None:
        inside.append(connection.in_atomic_block)
        connected.append(connection.connection is not None)

    query = scripted.authorize(provider.initiate(browser))
    fetch.before_request = look
    try:
        provider.callback(browser, query)
    finally:
        fetch.before_request = None
    return sum(inside), sum(connected)
