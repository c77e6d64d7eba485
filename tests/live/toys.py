"""The toy application at the real server command, and the fixtures that start it."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.raw import Answer, Client, get
from tests.ports import free_port, wait_until_answers
from tests.processes import Child

THREADS = 2


class Toy:
    """The toy application at the real server command, with one worker unless told otherwise."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.log_file = folder / "toy.log"
        self.gate = folder / "gate"
        self._clients: list[Client] = []
        self.child = Child(
            [sys.executable, "-m", "gunicorn", "tests.live.toy:application"],
            environment=dict(os.environ)
            | {
                "BIND": f"127.0.0.1:{self.port}",
                "WEB_CONCURRENCY": "1",
                "THREADS": str(THREADS),
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "DATABASE_URL": f"sqlite:///{folder / 'toy.sqlite3'}",
                "TOY_GATE": str(self.gate),
                "TOY_FILE": str(folder / "big"),
            }
            | environment,
            log=self.log_file,
        )

    def wait(self) -> "Toy":
        """Until it answers."""
        wait_until_answers(f"http://127.0.0.1:{self.port}/livez", alive=self.child.alive)
        return self

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    @property
    def faults(self) -> list[str]:
        """What was logged as an error. The toy has no database, which the examination at the start tells of."""
        return [line for line in self.log.splitlines() if "ERROR" in line and "health.at_start" not in line]

    def client(self, *, timeout: float = 30) -> Client:
        """A connection that is closed after the test."""
        self._clients.append(Client(self.port, timeout=timeout))
        return self._clients[-1]

    def get(self, path: str, *headers: str, timeout: float = 20) -> Answer:
        return get(self.port, path, *headers, timeout=timeout)

    def forget_clients(self) -> None:
        while self._clients:
            self._clients.pop().sock.close()

    def workers(self) -> list[int]:
        pid = self.child.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def open_gate(self) -> None:
        self.gate.touch()

    def close_gate(self) -> None:
        self.gate.unlink(missing_ok=True)

    def hold_all_threads(self) -> list[Client]:
        """Connections whose requests have taken every thread."""
        self.close_gate()
        held = [self.client().ask("GET /hold HTTP/1.1") for _ in range(THREADS)]
        time.sleep(0.5)
        return held

    def end(self) -> None:
        self.open_gate()
        self.forget_clients()
        self.child.stop()

    def terminate(self) -> None:
        os.kill(self.child.process.pid, signal.SIGTERM)


StartToy = Callable[..., Toy]


@pytest.fixture(scope="module")
def shared_toy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    toy = Toy(tmp_path_factory.mktemp("toy"))
    try:
        yield toy.wait()
    finally:
        toy.end()


@pytest.fixture
def toy(shared_toy: Toy) -> Iterator[Toy]:
    shared_toy.open_gate()
    yield shared_toy
    shared_toy.open_gate()
    shared_toy.forget_clients()


@pytest.fixture
def start_toy(tmp_path: Path) -> Iterator[StartToy]:
    started: list[Toy] = []

    def start(**environment: str) -> Toy:
        started.append(Toy(tmp_path, **environment))
        started[-1].open_gate()
        return started[-1].wait()

    yield start
    for each in started:
        each.end()
