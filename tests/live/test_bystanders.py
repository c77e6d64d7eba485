"""Nobody takes more than their share: what bystanders are told while others take what they can get."""

import io
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from PIL import Image

from tests.live.bystanders import Bystanders, many
from tests.live.hanging import Dripping, Hanging, HangingProvider
from tests.live.raw import drips
from tests.live.tenants import Backend
from tests.servers import StartServer

pytestmark = [pytest.mark.servers, pytest.mark.alone]


@pytest.fixture
def start(start_server: StartServer) -> Callable[..., Bystanders]:
    return lambda **environment: Bystanders(start_server(WEB_CONCURRENCY="2", **environment))


@pytest.mark.parametrize("count", [40, 200])
@pytest.mark.parametrize(
    "first",
    [
        b"GET /livez HTTP/1.1\r\nX: ",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
    ],
    ids=["headers", "bodies", "chunks"],
)
def test_slow_connections(start: Callable[..., Bystanders], count: int, first: bytes) -> None:
    bystanders = start()
    with drips(bystanders.server.port, count, b"x", first=first):
        bystanders.watch(12)
    bystanders.require_all_served()


def test_sixty_four_sign_ins(start: Callable[..., Bystanders]) -> None:
    bystanders = start()
    with many(64, lambda number: bystanders.login(f"nobody-{number}@example.org", "wrong")) as told:
        bystanders.watch(12)
    bystanders.require_all_served()
    assert set(told) == {401, 429}, Counter(told)


def test_picture_bombs(start: Callable[..., Bystanders]) -> None:
    bystanders = start()
    server = bystanders.server
    token = bystanders.login("bystander@example.org").json()["access_token"]
    out = io.BytesIO()
    Image.new("RGB", (6320, 6320)).save(out, "WEBP", lossless=True)
    large = io.BytesIO()
    Image.new("RGB", (4000, 3000)).save(large, "PNG")

    def send(number: int) -> requests.Response:
        data = out.getvalue() if number % 2 else large.getvalue()
        return requests.post(
            f"{server.url}/api/auth/profile/image",
            files={"image": ("x.webp", data, "image/webp")},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )

    with many(16, send) as told:
        bystanders.watch(12)
    bystanders.require_all_served()
    assert {400, 429} <= set(told) <= {200, 400, 429}, Counter(told)


def test_pools_whose_keys_never_arrive(start: Callable[..., Bystanders]) -> None:
    with Hanging() as hanging:
        bystanders = start(POOL_PRIVATE_ORIGINS=hanging.origin)
        taker = Backend(bystanders.server, "Taker")
        counter = iter(range(10**6))

        def make(_: int) -> Any:
            url = f"{hanging.origin}/{next(counter)}"
            return taker.call("POST", "/org/userPool", {"name": "P", "authorization": {"jwksUri": url}})

        with many(16, make) as told:
            bystanders.watch(12)
    bystanders.require_all_served()
    assert {201, 503} <= set(told)
    # Thirty URLs of one host are what an organization may have fetched in a minute.
    assert set(told) <= {201, 429, 503}, Counter(told)


@pytest.mark.parametrize("kind", [Hanging, Dripping])
def test_calls_with_public_client_ids_at_keys_that_never_arrive(
    start: Callable[..., Bystanders], kind: type[Hanging]
) -> None:
    with kind() as hanging:
        bystanders = start(POOL_PRIVATE_ORIGINS=hanging.origin)
        server = bystanders.server
        taker = Backend(server, "Taker")
        from tests.issuer import Signer

        token = Signer("ES256").token({"sub": "x", "exp": int(time.time()) + 600})
        with ThreadPoolExecutor(3) as threads:
            clients = list(threads.map(lambda number: taker.client_of(f"{hanging.origin}/{number}"), range(6)))

        def call(number: int) -> requests.Response:
            headers = {"Authorization": f"Bearer {token}", "X-Client-Id": clients[number % len(clients)]}
            return requests.get(f"{server.url}/app/me", headers=headers, timeout=30)

        with many(36, call) as told:
            bystanders.watch(12)
    bystanders.require_all_served()
    assert set(told) == {503}, Counter(told)


def test_callbacks_at_a_token_endpoint_that_hangs(start: Callable[..., Bystanders]) -> None:
    with HangingProvider() as provider:
        bystanders = start(
            OIDC_ENABLED="true",
            OIDC_ISSUER_URL=provider.origin,
            OIDC_CLIENT_ID="fairlead",
            OIDC_CLIENT_SECRET="x" * 32,
            OIDC_PRIVATE_ORIGINS=provider.origin,
        )
        door = f"{bystanders.server.url}/api/auth/oidc"

        def come_back(_: int) -> requests.Response:
            browser = requests.Session()
            begun = browser.get(f"{door}/initiate", allow_redirects=False, timeout=30)
            sent = parse_qs(urlsplit(begun.headers["Location"]).query)
            if "state" not in sent:
                return begun
            query = {"state": sent["state"][0], "code": "x"}
            return browser.get(f"{door}/callback", params=query, allow_redirects=False, timeout=30)

        with many(32, come_back) as told:
            bystanders.watch(12)
    bystanders.require_all_served()
    assert set(told) == {302, 503}, Counter(told)
