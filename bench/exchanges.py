"""T14: the code exchange, fifty at once with one code, and the rotation of refresh tokens."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections
from django.test import Client

from bench import provider
from bench.counting import counted
from bench.results import Row

_AT_ONCE = 50


def measure() -> list[Row]:
    with provider.running() as scripted:
        browser = Client()

        def code() -> str:
            return provider.callback(browser, scripted.authorize(provider.initiate(browser)))

        return [*_exchange(browser, code), *_refresh(browser, code)]


def _post(browser: Client, path: str, body: dict[str, str]) -> Any:
    return browser.post(path, json.dumps(body), content_type="application/json")


def _exchange(browser: Client, code: Callable[[], str]) -> list[Row]:
    sent = {"code": code()}
    with counted() as seen:
        _tokens(_post(browser, "/api/auth/oidc/exchange", sent))
    return [
        Row(part="T14.exchange", measured=seen.commits),
        Row(part="T14.exchange.queries", measured=seen.queries),
        Row(part="T14.parallel", measured=_at_once(browser, code())),
    ]


def _at_once(browser: Client, code: str) -> int:
    start = threading.Barrier(_AT_ONCE)

    def one(_: int) -> bool:
        copy = Client()
        copy.cookies = browser.cookies
        try:
            start.wait()
            return _post(copy, "/api/auth/oidc/exchange", {"code": code}).status_code == 200
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return sum(pool.map(one, range(_AT_ONCE)))


def _refresh(browser: Client, code: Callable[[], str]) -> list[Row]:
    held = _tokens(_post(browser, "/api/auth/oidc/exchange", {"code": code()}))["refresh_token"]
    client = Client()

    def rotate() -> None:
        nonlocal held
        held = _tokens(_post(client, "/api/auth/refresh", {"refresh_token": held}))["refresh_token"]

    with counted() as seen:
        rotate()
    return [
        Row(part="T14.rotation", measured=seen.commits),
        Row(part="T14.rotation.queries", measured=seen.queries),
    ]


def _tokens(response: Any) -> dict[str, Any]:
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code}: {response.content[:300]!r}")
    found: dict[str, Any] = response.json()
    return found
