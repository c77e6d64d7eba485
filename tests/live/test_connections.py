"""One connection at the real server: what is taken for a request, and what is not."""

import hashlib
import os

import pytest

from tests.live.raw import request
from tests.live.toys import Toy

pytestmark = pytest.mark.servers


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def test_requests_of_one_connection_are_answered_in_turn(toy: Toy) -> None:
    with toy.client() as client:
        for number in range(3):
            answer = client.ask(f"GET /echo/{number} HTTP/1.1").answer()
            assert (answer.status, answer.json()["path"]) == (200, f"/echo/{number}")


def test_requests_that_arrive_at_once_are_answered_in_turn(toy: Toy) -> None:
    paths = [f"/echo/{number}" if number % 3 else "/livez" for number in range(100)]
    with toy.client() as client:
        client.send(b"".join(request(f"POST {path} HTTP/1.1", body=path.encode()) for path in paths))
        for path in paths:
            answer = client.answer().json()
            assert (answer["path"], answer["digest"]) == (path, digest(path.encode()))


@pytest.mark.parametrize("size", [0, 1, 60_000, 5_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_body_arrives_whole(toy: Toy, size: int, chunked: bool) -> None:
    body = os.urandom(size)
    line = "POST /account/picture HTTP/1.1"
    with toy.client() as client:
        if chunked:
            pieces = [body[begin : begin + 8000] for begin in range(0, size, 8000)]
            client.ask(line, "Transfer-Encoding: chunked")
            client.send(b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pieces) + b"0\r\n\r\n")
        else:
            client.ask(line, body=body)
        told = client.answer().json()
    assert (told["length"], told["digest"]) == (size, digest(body))
    assert told["headers"].get("CONTENT_LENGTH", "0") == str(size)
    assert "HTTP_TRANSFER_ENCODING" not in told["headers"]


def test_body_that_is_too_large_is_refused_by_the_application_and_the_client_reads_the_answer(toy: Toy) -> None:
    with toy.client() as client:
        client.send(request("POST /echo HTTP/1.1", "Content-Length: 3000000") + b"x" * 3_000_000)
        answer = client.answer()
    assert "not read" in answer.json()["failed"]
    assert answer.headers["connection"] == "close"


def test_whoever_waits_for_continue_is_told_so_once(toy: Toy) -> None:
    with toy.client() as client:
        client.ask("POST /echo HTTP/1.1", "Content-Length: 5", "Expect: 100-continue")
        assert client.answer().status == 100
        answer = client.send(b"12345").answer()
        assert (answer.status, answer.json()["length"]) == (200, 5)


def test_whoever_waits_for_continue_with_too_much_is_told_the_outcome_instead(toy: Toy) -> None:
    with toy.client() as client:
        client.ask("POST /echo HTTP/1.1", "Content-Length: 5000000", "Expect: 100-continue")
        assert client.answer().status == 200
        assert client.closed()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 400),
        (request("POST /echo HTTP/1.1", "Content-Length: 1", "Transfer-Encoding: chunked"), 400),
        (request("POST /echo HTTP/1.1", "Transfer-Encoding: chunked", body=b"x\r\n"), 400),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (request("GET / HTTP/1.1", "X: " + "y" * 40_000), 431),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000, 431),
    ],
)
def test_malformed_request_is_answered_with_a_problem_and_closed(toy: Toy, data: bytes, status: int) -> None:
    with toy.client() as client:
        answer = client.send(data).answer()
        assert answer.status == status
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert (told["status"], told["code"], told["requestId"]) == (
            status, "invalid_request", answer.headers["x-request-id"],
        )  # fmt: skip
        assert client.closed()


def test_nothing_behind_a_malformed_request_is_taken_for_another(toy: Toy) -> None:
    smuggled = request("POST /echo HTTP/1.1", "Transfer-Encoding: chunked", body=b"zz\r\n") + request(
        "GET /hold HTTP/1.1"
    )
    with toy.client() as client:
        assert client.send(smuggled).answer().status == 400
        assert client.closed()


def test_headers_with_underscores_never_arrive(toy: Toy) -> None:
    headers = ["X_Forwarded_For: 203.0.113.9", "X-Client_Id: y", "X_Client_Id: z", "SCRIPT_NAME: /x", "X-Client-Id: a"]
    told = toy.get("/echo", *headers).json()["headers"]
    assert {name: value for name, value in told.items() if name.startswith("HTTP_X")} == {"HTTP_X_CLIENT_ID": "a"}


def test_failure_outside_of_the_application_is_a_500_without_a_word_of_it(toy: Toy) -> None:
    answer = toy.get("/fail")
    assert answer.status == 500
    assert b"outside of any" not in answer.body
    assert "RuntimeError: outside of any" in toy.log
