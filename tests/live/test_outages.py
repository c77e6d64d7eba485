"""What bystanders are told while something that we wait for is away: the database, its connections, the cache."""

import contextlib
import os
import secrets
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import requests

from tests.live.bystanders import PASSWORD, Bystanders, many
from tests.live.hanging import Proxy
from tests.servers import StartServer

pytestmark = [pytest.mark.servers, pytest.mark.alone]


if os.environ.get("DATABASE_URL", "").startswith("postgres"):

    @pytest.mark.parametrize("fault", ["hangs", "stopped"])
    def test_database_is_away(start_server: StartServer, fault: str) -> None:
        given = urlsplit(os.environ["DATABASE_URL"])
        with Proxy(given.hostname or "127.0.0.1", given.port or 5432) as proxy:
            server = start_server(begin=False, WEB_CONCURRENCY="2")
            parts = urlsplit(server.environment["DATABASE_URL"])
            there = f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{proxy.port}"
            server.start(DATABASE_URL=urlunsplit(parts._replace(netloc=there)))
            bystanders = Bystanders(server)
            getattr(proxy, fault)()
            # What waits for the database takes seconds each time.
            bystanders.watch(13, at_least=10)
            bystanders.require_alive()
            assert set(bystanders.answers["app/me"]) <= {200, 503}, bystanders.answers
            assert set(bystanders.answers["refresh"]) == {503}, bystanders.answers
            assert requests.get(f"{server.url}/readyz", timeout=5).status_code == 503
            assert "Traceback" not in server.log
            proxy.serves()
            ends = time.monotonic() + 20
            while bystanders.login("bystander@example.org", PASSWORD).status_code != 200:
                assert time.monotonic() < ends
                time.sleep(0.5)

    def test_database_has_no_connection_left(start_server: StartServer) -> None:
        """Of all that this role may have, somebody else takes each."""
        server = start_server(begin=False, WEB_CONCURRENCY="2")
        with Role(server.environment["DATABASE_URL"], connections=40) as role:
            server.start(DATABASE_URL=role.url)
            bystanders = Bystanders(server)
            role.take_all()
            with many(16, lambda _: told(bystanders.login("bystander@example.org"))) as answers:
                bystanders.watch(12)
            bystanders.require_alive()
            assert set(bystanders.answers["app/me"]) <= {200, 503}, bystanders.answers
            assert set(bystanders.answers["refresh"]) == {503}, bystanders.answers
            # More sign-ins than there are places to hash in a worker are told so before anything is asked.
            assert {503} <= set(answers) <= {503, 429}, Counter(answers)
            assert requests.get(f"{server.url}/readyz", timeout=5).status_code == 503
            assert "Traceback" not in server.log
            role.give_back()
            # Each worker looks again within a second, or after a look that took its whole time.
            time.sleep(5)
            bystanders.watch(2)
            bystanders.require_all_served()


def told(answer: requests.Response) -> requests.Response:
    """A refusal that a program understands."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    code = {503: "unavailable", 429: "throttled"}[answer.status_code]
    assert (answer.json()["code"], int(answer.headers["Retry-After"]) > 0) == (code, True)
    return answer


class Role:
    """Of the database server, with all rights of the one that the tests have, and a limit of its own."""

    def __init__(self, url: str, *, connections: int) -> None:
        self._given, self._most = url, connections
        self._name, self._password = f"fairlead_few_{secrets.token_hex(4)}", secrets.token_hex(16)
        parts = urlsplit(url)
        there = f"{self._name}:{self._password}@{parts.netloc.rpartition('@')[2]}"
        self.url = urlunsplit(parts._replace(netloc=there))
        self._taken: list[psycopg.Connection[Any]] = []

    def __enter__(self) -> "Role":
        self._tell(
            f"CREATE ROLE {self._name} LOGIN PASSWORD '{self._password}' CONNECTION LIMIT {self._most} "
            f"IN ROLE {urlsplit(self._given).username}"
        )
        return self

    def __exit__(self, *error: object) -> None:
        self.give_back()
        self._end_others()
        self._tell(f"DROP ROLE {self._name}")

    def take_all(self) -> None:
        """End what others have of it, and be faster than they, until none is left."""
        while len(self._taken) < self._most:
            self._end_others()
            with contextlib.suppress(psycopg.OperationalError):
                while True:
                    self._taken.append(psycopg.connect(self.url, autocommit=True))

    def give_back(self) -> None:
        while self._taken:
            self._taken.pop().close()

    def _end_others(self) -> None:
        mine = [each.info.backend_pid for each in self._taken]
        self._tell(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            f"WHERE usename = '{self._name}' AND NOT pid = ANY(ARRAY{mine}::int[])"
        )

    def _tell(self, statement: str) -> None:
        with psycopg.connect(self._given, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # names of our own making


if os.environ.get("CACHE_URL", "").startswith("redis"):

    def test_cache_hangs(start_server: StartServer) -> None:
        given = urlsplit(os.environ["CACHE_URL"])
        with Proxy(given.hostname or "127.0.0.1", given.port or 6379) as proxy:
            there = urlunsplit(given._replace(netloc=f"127.0.0.1:{proxy.port}"))
            bystanders = Bystanders(start_server(WEB_CONCURRENCY="2", CACHE_URL=there, RATE_LIMITS="on"))
            proxy.hangs()
            bystanders.watch(12)
        bystanders.require_alive()
        assert set(bystanders.answers["app/me"]) == {200}
        # Sixty a minute are let through, counted in the database meanwhile.
        assert {200} <= set(bystanders.answers["refresh"]) <= {200, 429}, bystanders.answers
