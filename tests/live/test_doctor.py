"""`manage.py doctor` beside a running server, and the one line that a server says at its start."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house import ROOT
from tests.servers import Server, StartServer

pytestmark = pytest.mark.servers
LINE = "something is wrong with this installation: run manage.py doctor"


def doctor(server: Server, *arguments: str) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, "manage.py", "doctor", *arguments],
        cwd=ROOT, env=server.environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.stderr == ""
    return ended.returncode, " ".join(ended.stdout.split())


def make_administrator(server: Server) -> None:
    server.python("from accounts.models import User\nUser.objects.create_superuser('a@example.org', 'a long password')")


def test_a_healthy_server_is_found_from_outside_and_nothing_is_wrong(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(FAIRLEAD_ENV="development", WEB_CONCURRENCY="2")
    make_administrator(server)
    status, printed = doctor(server)
    assert "The address leads to this installation" in printed
    assert (status, "warning" in printed, "problem" in printed) == (0, False, False), printed


def test_a_start_says_one_line_for_all_workers(start_server: StartServer) -> None:
    server = start_server(begin=False, WEB_CONCURRENCY="2", FAIRLEAD_ENV="development")
    make_administrator(server)
    server.start(OIDC_ISSUER_URL="https://id.example.org")
    ends = time.monotonic() + 30
    while LINE not in server.log and time.monotonic() < ends:
        time.sleep(0.2)
    (said,) = [line for line in server.log.splitlines() if LINE in line]
    assert "OIDC_CLIENT_ID is not set" in said
    status, printed = doctor(server, "--offline")
    assert (status, "OIDC_CLIENT_ID is not set" in printed) == (2, True)


def test_the_address_of_another_installation_is_seen(start_server: StartServer) -> None:
    server, other = start_server(), start_server()
    server.environment["APP_URL"] = other.url
    status, printed = doctor(server)
    assert status == 2
    assert "Another installation, or no Fairlead at all, is there" in printed
