"""The real server command with its worker processes, on a free port, against a database of its own.

The database is a SQLite file, or, where DATABASE_URL names PostgreSQL, a database made for this server and dropped
behind it. CACHE_URL is passed through. What the server wrote is kept in `log`, for tests that look for secrets in it.
"""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from cryptography.fernet import Fernet

from tests.ports import free_port, wait_until_answers
from tests.processes import Child, run

_PASSED_ON = ("PATH", "HOME", "LANG", "CACHE_URL")


class Server:
    """One service. `environment` completes or replaces the variables it starts with."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_file = folder / "service.log"
        self.database = Database(folder)
        self._child: Child | None = None
        self.environment = (
            {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            | {
                "ENV_FILE": os.devnull,
                "FAIRLEAD_ENV": "production",
                "APP_URL": self.url,
                "BIND": f"127.0.0.1:{self.port}",
                "SECRET_KEY": secrets.token_urlsafe(64),
                "FAIRLEAD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
                "MEDIA_ROOT": str(folder / "uploads"),
                "EMAIL_URL": f"filemail://{folder / 'mails'}",
                "LOG_FORMAT": "plain",
                "RATE_LIMITS": "off",
                "PYTHONUNBUFFERED": "1",
            }
            | environment
        )
        self.mails = folder / "mails"
        self.command = [sys.executable, "-m", "gunicorn", "config.wsgi"]

    def prepare(self) -> None:
        self.environment["DATABASE_URL"] = self.database.make()
        self.manage("migrate", "--verbosity", "0")

    def manage(self, *arguments: str) -> str:
        """Run a management command in the server's environment; returns what it printed."""
        return run([sys.executable, "manage.py", *arguments], environment=self.environment)

    def python(self, code: str) -> str:
        """Run Python with the server's models loaded; returns what it printed."""
        return run([sys.executable, "-c", _SETUP + code], environment=self.environment).strip()

    def start(self, **environment: str) -> None:
        self.environment |= environment
        self._child = Child(self.command, environment=self.environment, log=self.log_file)
        try:
            wait_until_answers(f"{self.url}/livez", alive=self._child.alive)
        except RuntimeError as error:
            self.stop()
            raise RuntimeError(f"{error}\n{self.log[-3000:]}") from None

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None

    def kill_master(self) -> None:
        """SIGKILL. Its workers notice by themselves, and leave."""
        if self._child is not None:
            self._child.process.kill()
            self._child.process.wait()
            self._child = None

    def restart(self, **environment: str) -> None:
        self.stop()
        self.start(**environment)

    @property
    def pid(self) -> int:
        """Of the master."""
        if self._child is None:
            raise RuntimeError("the server does not run")
        return self._child.process.pid

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def close(self) -> None:
        self.stop()
        self.database.drop()


class Database:
    """One for one service: a SQLite file in its folder, or a database on the server that DATABASE_URL names."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "service.sqlite3"
        self._given = os.environ.get("DATABASE_URL", "")
        self._name = f"fairlead_test_{secrets.token_hex(6)}"

    def make(self) -> str:
        if not self._given.startswith(("postgres://", "postgresql://")):
            return f"sqlite:///{self._file}"
        self._tell(f'CREATE DATABASE "{self._name}"')
        return urlunsplit(urlsplit(self._given)._replace(path=f"/{self._name}"))

    def drop(self) -> None:
        if self._given.startswith(("postgres://", "postgresql://")):
            self._tell(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _tell(self, statement: str) -> None:
        maintenance = urlunsplit(urlsplit(self._given)._replace(path="/postgres"))
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(statement)


_SETUP = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; django.setup()\n"
StartServer = Callable[..., Server]


@pytest.fixture
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """`start_server(OIDC_ENABLED="true", ...)` starts a service of its own; everything ends with the test."""
    started: list[Server] = []

    def start(*, begin: bool = True, **environment: str) -> Server:
        server = Server(tmp_path_factory.mktemp("server"), environment)
        started.append(server)
        server.prepare()
        if begin:
            server.start()
        return server

    yield start
    for server in started:
        server.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service without any provider, shared by the tests of a module."""
    shared = Server(tmp_path_factory.mktemp("server"), {})
    shared.prepare()
    shared.start()
    yield shared
    shared.close()
