"""Callers that drip at deploy/nginx.conf and deploy/Caddyfile: the application behind them is bothered by none."""

import hashlib
import time
from pathlib import Path
from typing import Any

import pytest

from tests.live.proxies import running_application
from tests.live.raw import Answer, Client, drips
from tests.live.shipped_proxies import PROXIES, Place, nginx
from tests.live.toys import THREADS, StartToy

pytestmark = pytest.mark.servers

COUNT = 100
DRIPPED = {
    "headers": b"POST /echo/dripped HTTP/1.1\r\nHost: localhost\r\nX: ",
    "bodies": b"POST /echo/dripped HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n",
    "chunks": b"POST /echo/dripped HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
}


@pytest.mark.parametrize("first", DRIPPED.values(), ids=DRIPPED)
@pytest.mark.parametrize("kind", PROXIES)
def test_slow_callers_cost_no_thread_and_whole_requests_arrive_whole(
    kind: str, first: bytes, start_toy: StartToy, tmp_path: Path
) -> None:
    assert COUNT > 10 * THREADS
    toy, place = start_toy(), Place(tmp_path)
    addresses: dict[str, Any] = {"upstream": f"127.0.0.1:{toy.port}", "application": "127.0.0.1:9", "client_id": "x"}
    with PROXIES[kind](place, **addresses), drips(place.site_port, COUNT, b"x", first=first, tls=place.tls):
        for number in range(30):
            body = f"bystander {number}".encode()
            answer = place.call("POST", f"{place.site}/echo/bystander", data=body, timeout=5)
            assert (answer.status_code, answer.json()["digest"]) == (200, hashlib.sha256(body).hexdigest())
        pieces = [b"%d " % number for number in range(30)]
        told = slowly(place, "/echo/slow", pieces).json()
        assert (told["length"], told["digest"]) == (len(b"".join(pieces)), hashlib.sha256(b"".join(pieces)).hexdigest())
    reached = [line.split()[1] for line in toy.log.splitlines() if line.startswith("echoes /echo")]
    assert reached == ["/echo/bystander"] * 30 + ["/echo/slow"]


@pytest.mark.parametrize("first", DRIPPED.values(), ids=DRIPPED)
def test_nginx_keeps_them_from_an_application_that_reads_no_request_before_it_is_whole(
    first: bytes, tmp_path: Path
) -> None:
    place, reached = Place(tmp_path), list[str]()
    with (
        running_application(reached) as application,
        nginx(place, upstream=application, application=application, client_id="unused"),
        drips(place.site_port, COUNT, b"x", first=first, tls=place.tls),
    ):
        assert slowly(place, "/slow", [b"x"] * 30).status == 200
        assert place.get(f"{place.site}/bystander", timeout=5).status_code == 200
    assert reached == ["/slow", "/bystander"]


def slowly(place: Place, path: str, pieces: list[bytes]) -> Answer:
    """One caller whose body takes three seconds, and ends."""
    with Client(place.site_port, tls=place.tls) as client:
        client.ask(f"POST {path} HTTP/1.1", f"Content-Length: {sum(map(len, pieces))}")
        for piece in pieces:
            time.sleep(0.1)
            client.send(piece)
        return client.answer()
