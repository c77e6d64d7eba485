"""The server command itself: it starts, stops, says no secrets, and listens to its own connection alone."""

import socket

import pytest
import requests

from tests.servers import Server, StartServer

pytestmark = pytest.mark.servers


def test_it_answers_with_a_request_id_and_is_ready(server: Server) -> None:
    answer = requests.get(f"{server.url}/readyz", timeout=20)
    assert answer.status_code == 200, answer.text
    assert len(answer.headers["X-Request-Id"]) >= 16


def test_forwarded_headers_of_a_stranger_change_nothing(server: Server) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "X-Request-Id": "chosen-by-a-stranger"}
    answer = requests.get(f"{server.url}/livez", headers=headers, timeout=20)
    assert answer.headers["X-Request-Id"] != "chosen-by-a-stranger"
    assert "Strict-Transport-Security" not in answer.headers


def test_idle_connections_hold_up_nobody(server: Server) -> None:
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(40)]
    try:
        for _ in range(10):
            assert requests.get(f"{server.url}/livez", timeout=5).status_code == 200
    finally:
        for each in idle:
            each.close()


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_told_under_any_host(server: Server, path: str) -> None:
    """Load balancers ask by the machine's address."""
    for host in ("192.0.2.7:8000", "localhost", "[2001:db8::1]", "", "not a host"):
        answer = requests.get(f"{server.url}{path}", headers={"Host": host}, timeout=20)
        assert answer.status_code == 200, (host, answer.text)
    assert requests.get(f"{server.url}/login", headers={"Host": "192.0.2.7"}, timeout=20).status_code == 400


def test_liveness_of_the_server_is_the_applications_own_answer(server: Server) -> None:
    """The loop gives it again, under an id of its own each time."""
    answers = [requests.get(f"{server.url}/livez", timeout=20) for _ in range(3)]
    assert len({each.headers["X-Request-Id"] for each in answers}) == 3
    assert answers[0].json() == {"status": "ok"}
    assert {"Content-Security-Policy", "X-Frame-Options", "Cache-Control", "Referrer-Policy"} <= set(answers[0].headers)
    assert requests.post(f"{server.url}/livez", timeout=20).status_code == 405
    assert requests.head(f"{server.url}/livez", timeout=20).headers["Content-Length"] == "16"


def test_too_large_a_body_is_refused_in_the_applications_words(server: Server) -> None:
    for size in (70_000, 8_000_000):
        answer = requests.post(
            f"{server.url}/api/auth/login",
            data=b"x" * size,
            headers={"Content-Type": "application/json"},
            timeout=20,
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_chunked_body_reaches_the_application(server: Server) -> None:
    body = iter([b'{"email": "person@example.org", ', b'"password": "wrong"}'])
    answer = requests.post(
        f"{server.url}/api/auth/login", data=body, headers={"Content-Type": "application/json"}, timeout=20
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_a_token_of_the_largest_size_reaches_the_application(server: Server) -> None:
    headers = {"Authorization": "Bearer " + "x" * 20_000}
    answer = requests.get(f"{server.url}/livez", headers=headers, timeout=20)
    assert answer.status_code == 200


def test_it_starts_again_on_the_same_data(start_server: StartServer) -> None:
    own = start_server()
    own.restart()
    assert requests.get(f"{own.url}/readyz", timeout=20).status_code == 200


def test_production_without_secrets_does_not_start(start_server: StartServer) -> None:
    own = start_server(begin=False)
    with pytest.raises(RuntimeError, match="SECRET_KEY is not set"):
        own.start(SECRET_KEY="")
