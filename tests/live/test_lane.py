"""Requests that found no place and used nothing up: they wait without a thread, and are tried again."""

import hashlib
import time

import pytest

from tests.live.toys import THREADS, StartToy, Toy

pytestmark = pytest.mark.servers


def test_request_without_a_place_is_served_whole_when_there_is_one(toy: Toy) -> None:
    toy.close_gate()
    body = b"x" * 60_000
    asking = [toy.client().ask("POST /place HTTP/1.1", "X-Name: one", body=body) for _ in range(10 * THREADS)]
    chunked = toy.client().ask("POST /place HTTP/1.1", "X-Name: one", "Transfer-Encoding: chunked")
    chunked.send(b"3\r\nabc\r\n0\r\n\r\n")
    time.sleep(2)
    # None of them has a thread.
    assert toy.get("/echo", timeout=5).status == 200
    toy.open_gate()
    told = [each.answer().json() for each in asking]
    assert {each["digest"] for each in told} == {hashlib.sha256(body).hexdigest()}
    assert {each["again"] for each in told} == {True}
    assert chunked.answer().json()["digest"] == hashlib.sha256(b"abc").hexdigest()
    # The connections live on, and the next request is a new one.
    assert asking[0].ask("GET /echo HTTP/1.1").answer().json()["again"] is False


def test_request_that_finds_no_place_in_time_has_the_applications_own_answer(toy: Toy) -> None:
    toy.close_gate()
    began = time.monotonic()
    client = toy.client().ask("GET /place HTTP/1.1", "X-Name: one")
    answer = client.answer()
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (503, b"busy", "2")
    assert not [name for name in answer.headers if "fairlead" in name]
    assert 19 < time.monotonic() - began < 25
    assert client.ask("GET /echo HTTP/1.1").answer().status == 200


def test_no_header_asks_for_it(toy: Toy) -> None:
    names = [f"{name}: x" for name in ("fairlead.no_place", "Fairlead-No-Place", "fairlead.tried_before")]
    answer = toy.get("/echo", *names)
    assert answer.json()["again"] is False


def test_who_waits_longest_in_the_longest_queue_keeps_nobody_out(toy: Toy) -> None:
    toy.close_gate()
    many = [toy.client().ask("GET /place HTTP/1.1", "X-Name: many") for _ in range(128)]
    time.sleep(1)
    few = [toy.client().ask("GET /place HTTP/1.1", "X-Name: few") for _ in range(20)]
    # As many of the others as came now are told so, the newest of them.
    assert [each.answer().status for each in many[-20:]] == [503] * 20
    toy.open_gate()
    assert [each.answer().status for each in [*few, *many[:-20]]] == [200] * 128


def test_request_of_a_client_that_has_gone_is_not_tried_again(toy: Toy) -> None:
    toy.close_gate()
    with toy.client() as gone:
        gone.ask("GET /place HTTP/1.1", "X-Name: fail")
        time.sleep(0.6)
    time.sleep(0.6)
    tries = toy.log.count("no place for fail")
    assert tries
    time.sleep(1)
    assert toy.log.count("no place for fail") == tries


def test_whoever_waits_is_answered_when_the_server_stops(start_toy: StartToy) -> None:
    toy = start_toy()
    toy.close_gate()
    served = [toy.client().ask("GET /place HTTP/1.1", "X-Name: one") for _ in range(10)]
    time.sleep(0.5)
    toy.terminate()
    time.sleep(0.5)
    toy.open_gate()
    assert [each.answer().status for each in served] == [200] * 10
    assert toy.child.process.wait(timeout=20) == 0
    assert toy.faults == []


def test_whoever_finds_no_place_until_the_server_has_stopped_is_told(start_toy: StartToy) -> None:
    toy = start_toy()
    toy.close_gate()
    waiting = [toy.client(timeout=60).ask("GET /place HTTP/1.1", "X-Name: one") for _ in range(10)]
    time.sleep(0.5)
    toy.terminate()
    assert [each.answer().status for each in waiting] == [503] * 10
    assert toy.child.process.wait(timeout=30) == 0
    assert toy.faults == []
