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


def test_an_idle_connection_holds_up_nobody(server: Server) -> None:
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(4)]
    try:
        for _ in range(10):
            # The server takes a thread back from a silent connection after five seconds; until then a request may wait.
            assert requests.get(f"{server.url}/livez", timeout=20).status_code == 200
    finally:
        for each in idle:
            each.close()


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
