"""What docs/operations.md tells an operator to do, done to real servers while people call: secrets, restarts, restore."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.fernet import Fernet

from tests.flows.traveller import Traveller
from tests.hosts.page import block
from tests.processes import ROOT
from tests.providers.panva import Panva
from tests.servers import Server, StartServer

pytestmark = pytest.mark.servers
PAGE = "docs/operations.md"
PERSON, PASSWORD = "person@example.org", "correct horse battery"


def make_person(server: Server) -> None:
    server.python(
        "from accounts.models import User\n"
        f"User.objects.create_user({PERSON!r}, {PASSWORD!r}, name='Person', verified_by='link')"
    )


def sign_in(server: Server) -> dict[str, Any]:
    body = {"email": PERSON, "password": PASSWORD}
    answer = requests.post(f"{server.url}/api/auth/login", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture
def machines(start_server: StartServer, tmp_path: Path) -> Iterator[list[Server]]:
    """Two machines of one service: one database, the same secrets, two workers each."""
    first = start_server()
    make_person(first)
    own = {"BIND", "APP_URL"}
    second = Server(tmp_path, {name: value for name, value in first.environment.items() if name not in own})
    # People know one address, whichever machine answers.
    second.environment["APP_URL"] = first.url
    second.start()
    yield [first, second]
    second.close()


class Caller:
    """Somebody with tokens, who asks whichever machine is there, as a load balancer would, without a pause."""

    def __init__(self, machines: list[Server]) -> None:
        self.machines, self.tokens = machines, sign_in(machines[0])
        self.failed: list[str] = []
        self.answered = 0

    def once(self, number: int) -> None:
        for machine in (self.machines[number % 2], self.machines[1 - number % 2]):
            try:
                answer = self._call(machine, number)
            except requests.ConnectionError:
                continue
            except requests.RequestException as error:
                self.failed.append(repr(error))
                return
            if answer.status_code != 200:
                self.failed.append(f"{answer.status_code} {answer.text[:200]}")
            self.answered += 1
            return
        self.failed.append("no machine took the call")

    def _call(self, machine: Server, number: int) -> requests.Response:
        if number % 10:
            token = {"Authorization": f"Bearer {self.tokens['access_token']}"}
            return requests.get(f"{machine.url}/api/auth/me", headers=token, timeout=30)
        body = {"refresh_token": self.tokens["refresh_token"]}
        answer = requests.post(f"{machine.url}/api/auth/refresh", json=body, timeout=30)
        if answer.status_code == 200:
            self.tokens = answer.json()
        return answer


@contextmanager
def calling(machines: list[Server]) -> Iterator[Caller]:
    """Calls go on while the block runs. Afterwards: many were made, and none failed."""
    caller, over = Caller(machines), threading.Event()

    def go_on() -> None:
        number = 0
        while not over.is_set():
            number += 1
            caller.once(number)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield caller
        # What was done may have taken less time than the calls that are worth counting.
        while caller.answered <= 50 and not caller.failed and thread.is_alive():
            time.sleep(0.1)
    finally:
        over.set()
        thread.join()
    assert caller.failed == []
    assert caller.answered > 50


def test_the_signing_secret_is_rotated_while_people_call(machines: list[Server]) -> None:
    """In the page's three steps, machine after machine, so that none meets a token that it cannot read."""
    old, new = machines[0].environment["SECRET_KEY"], secrets.token_urlsafe(64)
    steps = ((old, new), (new, old), (new, ""))
    with calling(machines) as caller:
        for key, fallbacks in steps:
            if not fallbacks:
                # Tokens that the old one signed have run out by then: here they are renewed.
                caller.once(10)
            for machine in machines:
                machine.restart(SECRET_KEY=key, SECRET_KEY_FALLBACKS=fallbacks)
                token = {"Authorization": f"Bearer {sign_in(machine)['access_token']}"}
                for each in machines:
                    assert requests.get(f"{each.url}/api/auth/me", headers=token, timeout=30).status_code == 200


def test_a_reload_turns_nobody_away(start_server: StartServer) -> None:
    server = start_server()
    make_person(server)
    with calling([server, server]):
        for _ in range(2):
            before = _workers(server)
            assert server._child is not None
            os.kill(server._child.process.pid, signal.SIGHUP)
            for _ in range(300):
                if not before & _workers(server):
                    break
                time.sleep(0.1)
            assert not before & _workers(server)


def _workers(server: Server) -> set[str]:
    assert server._child is not None
    pid = server._child.process.pid
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def test_the_encryption_key_is_replaced_and_a_provider_stays_usable(start_server: StartServer, panva: Panva) -> None:
    panva.start()
    server = start_server(OIDC_PRIVATE_ORIGINS=panva.origin)
    panva.serve(server.url)
    server.python(
        "from oidc_login.models import Provider\n"
        f"Provider.objects.create(slug='panva', name='Panva', issuer={panva.issuer!r}, enabled=True,"
        f" client_id={panva.confidential_id!r}, client_secret={panva.client_secret!r})"
    )
    panva.person("rotated@example.org", email="rotated@example.org")
    old, new = server.environment["FAIRLEAD_ENCRYPTION_KEYS"], Fernet.generate_key().decode()

    def arrives() -> bool:
        return "access_token" in Traveller(server, panva, "rotated@example.org").arrive(provider="panva")

    assert arrives()
    server.restart(FAIRLEAD_ENCRYPTION_KEYS=f"{new},{old}")
    assert arrives()
    assert "can be taken away" in shell(server, block(PAGE, "manage.py reencrypt"))
    server.restart(FAIRLEAD_ENCRYPTION_KEYS=new)
    assert arrives()


def shell(server: Server, script: str, **environment: str) -> str:
    """Run a block of the page in the server's environment, in the checkout, as an operator does."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT, env=server.environment | {"PATH": path} | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_restored_backup_lets_the_same_people_in(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server()
    make_person(server)
    elsewhere = start_server(begin=False, **{
        name: server.environment[name] for name in ("SECRET_KEY", "FAIRLEAD_ENCRYPTION_KEYS")
    })  # fmt: skip
    from_url, to_url = server.environment["DATABASE_URL"], elsewhere.environment["DATABASE_URL"]
    kept = str(tmp_path / "fairlead.backup")
    if from_url.startswith("sqlite"):
        file = from_url.removeprefix("sqlite:///")
        shell(server, block(PAGE, "VACUUM INTO"), SQLITE_FILE=file, BACKUP=kept)
        Path(kept).replace(to_url.removeprefix("sqlite:///"))
    else:
        shell(server, block(PAGE, "pg_dump"), DATABASE_URL=from_url, BACKUP=kept)
        # The one to restore into is empty, as `createdb` leaves it.
        elsewhere.database.drop()
        elsewhere.environment["DATABASE_URL"] = elsewhere.database.make()
        shell(elsewhere, block(PAGE, "pg_restore"), BACKUP=kept)
    # Made after the backup: it is not in there.
    server.python("from accounts.models import User; User.objects.create_user('later@example.org', 'x' * 12)")
    elsewhere.start()
    assert sign_in(elsewhere)["user"]["email"] == PERSON
    assert elsewhere.python("from accounts.models import User; print(User.objects.count())") == "1"
    assert requests.get(f"{elsewhere.url}/readyz", timeout=30).json()["migrations"] == "ok"


def test_an_upgrade_ends_with_a_clean_check(start_server: StartServer) -> None:
    """A machine as the page on deployment leaves it: https, behind one proxy, with a mail server."""
    server = start_server(begin=False)
    said = shell(
        server, block(PAGE, "check --deploy"), APP_URL="https://login.example.org", TRUSTED_PROXIES="1",
        EMAIL_URL="smtp+tls://user:password@mail.example.org:587",
    )  # fmt: skip
    assert "No migrations to apply" in said
    assert "no issues" in said


def test_the_page_names_what_a_probe_is_told(start_server: StartServer) -> None:
    server = start_server()
    said = shell(server, block(PAGE, "/readyz"), SERVER=server.url)
    assert '"status": "ok"' in said
