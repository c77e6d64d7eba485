"""Slow clients, hanging views and too much of everything: what nobody else may notice."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.live.raw import drips
from tests.live.toys import THREADS, StartToy, Toy

pytestmark = pytest.mark.servers


def test_slow_connections_are_told_and_closed(toy: Toy) -> None:
    silent, head, body, chunks = (toy.client() for _ in range(4))
    began = time.monotonic()
    with silent, head, body, chunks:
        head.send(b"GET / HTTP/1.1\r\nX:")
        body.ask("POST /echo HTTP/1.1", "Content-Length: 10").send(b"1")
        chunks.ask("POST /echo HTTP/1.1", "Transfer-Encoding: chunked").send(b"5\r\nabc")
        for each in (head, body, chunks):
            assert each.answer().status == 408
            assert each.closed()
        assert silent.closed()
    assert 8 < time.monotonic() - began < 25


def test_liveness_is_answered_while_every_thread_hangs_and_readiness_says_no_in_time(toy: Toy) -> None:
    held = toy.hold_all_threads()
    for _ in range(20):
        assert toy.get("/livez", timeout=5).status == 200
    began = time.monotonic()
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: toy.get("/readyz", timeout=10), range(3)))
    assert [each.status for each in answers] == [503] * 3
    assert time.monotonic() - began < 6
    toy.open_gate()
    assert [each.answer().status for each in held] == [200] * THREADS
    assert toy.get("/readyz").status == 200


def test_request_that_finds_no_thread_in_time_is_told_so(toy: Toy) -> None:
    held = toy.hold_all_threads()
    began = time.monotonic()
    answer = toy.get("/echo", timeout=60)
    assert (answer.status, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "1")
    assert 29 < time.monotonic() - began < 40
    toy.open_gate()
    assert [each.answer().status for each in held] == [200] * THREADS


def test_more_requests_than_may_wait_are_refused_at_once(toy: Toy) -> None:
    held = toy.hold_all_threads()
    clients = [toy.client() for _ in range(300)]
    for client in clients:
        client.ask("GET /echo HTTP/1.1")
    began = time.monotonic()
    refused = [client.answer().status for client in clients[280:]]
    assert refused == [503] * 20
    assert time.monotonic() - began < 5
    assert toy.get("/livez", timeout=5).status == 200
    toy.open_gate()
    assert [client.answer().status for client in clients[:200]] == [200] * 200
    assert [each.answer().status for each in held] == [200] * THREADS


def test_request_of_a_client_that_has_gone_is_not_worked_at(toy: Toy) -> None:
    held = toy.hold_all_threads()
    with toy.client() as gone:
        gone.ask("GET /fail HTTP/1.1")
    time.sleep(0.3)
    failures = toy.log.count("outside of any")
    toy.open_gate()
    assert [each.answer().status for each in held] == [200] * THREADS
    assert toy.get("/echo").status == 200
    assert toy.log.count("outside of any") == failures


@pytest.mark.parametrize("path", ["/memory?20000000", "/file?20000000"])
def test_reader_that_takes_nothing_holds_no_thread(toy: Toy, path: str) -> None:
    for _ in range(3 * THREADS):
        stuck = toy.client()
        stuck.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.ask(f"GET {path} HTTP/1.1")
    time.sleep(0.5)
    for _ in range(10):
        assert toy.get("/echo", timeout=5).status == 200
    slow = toy.client().ask(f"GET {path} HTTP/1.1")
    time.sleep(0.5)
    assert len(slow.answer().body) == 20_000_000


def test_clients_that_never_close_hold_up_nobody(toy: Toy) -> None:
    for _ in range(40):
        open_end = toy.client().ask("GET /echo HTTP/1.1", "Connection: close")
        assert open_end.answer().status == 200
    began = time.monotonic()
    for _ in range(20):
        assert toy.get("/echo", timeout=5).status == 200
    assert time.monotonic() - began < 5


def test_where_there_are_too_many_connections_the_slowest_goes_first(start_toy: StartToy) -> None:
    toy = start_toy()
    with drips(toy.port, 1100, b"x", first=b"GET / HTTP/1.1\r\nX: "):
        for _ in range(20):
            assert toy.get("/echo", timeout=5).status == 200


def test_bodies_of_all_connections_together_are_bounded(start_toy: StartToy) -> None:
    """A hundred connections that each send almost all of five megabytes, and wait."""
    toy = start_toy()
    workers = toy.workers()
    before = sum(map(memory, workers))
    almost = b"x" * 4_900_000

    def fill(_: int) -> None:
        client = toy.client()
        try:
            client.ask("POST /account/picture HTTP/1.1", "Content-Length: 5000000").send(almost)
        except OSError:
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fill, range(100)))
    assert sum(map(memory, workers)) - before < 150 * 1024 * 1024
    assert toy.get("/echo", timeout=5).status == 200
    with toy.client() as client:
        assert client.ask("POST /account/picture HTTP/1.1", body=almost).answer().json()["length"] == len(almost)


def memory(pid: int) -> int:
    """Resident bytes."""
    (found,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found) * 1024
