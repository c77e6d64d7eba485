"""In which ways everything is served: by which server, with how many workers, on which database."""

import os
import runpy
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.served.process import ROOT

SERVERS = ("gthread", "granian")
DATABASES = ("postgresql", "sqlite")
# Where the databases of a run are made, and dropped behind it.
POSTGRESQL = os.environ.get("BENCH_POSTGRESQL", "postgres://postgres@127.0.0.1/postgres")


@dataclass(frozen=True, kw_only=True)
class Configuration:
    server: str
    workers: int
    database: str

    def __str__(self) -> str:
        return f"{self.server}, {self.workers} worker{'s' if self.workers > 1 else ''}, {self.database}"

    def command(self, application: str, *, port: int, shipped: bool = False) -> list[str]:
        """The server's command line. `shipped`: as Fairlead's own gunicorn.conf.py says."""
        if self.server == "granian":
            return [
                sys.executable, "-m", "granian", application, "--interface", "wsgi", "--host", "127.0.0.1",
                "--port", str(port), "--workers", str(self.workers), "--blocking-threads", str(_threads()),
                "--no-ws", "--log-level", "warning",
            ]  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
        command += ["--workers", str(self.workers)]
        if shipped:
            return command
        return [*command, "--threads", str(_threads()), "--config", "bench/peers/gunicorn_settings.py"]


# The one that the targets speak of.
OF_THE_TARGETS = Configuration(server="gthread", workers=1, database="postgresql")


def every(*, servers: list[str], workers: list[int], databases: list[str]) -> list[Configuration]:
    """The one of the targets first, where it is among them."""
    found = [
        Configuration(server=server, workers=number, database=database)
        for server, number, database in product(servers, workers, databases)
    ]
    return sorted(found, key=lambda each: each != OF_THE_TARGETS)


def _threads() -> int:
    """As many threads for everybody as Fairlead ships with."""
    return int(runpy.run_path(str(ROOT / "gunicorn.conf.py"))["threads"])


@contextmanager
def database(kind: str, folder: Path, name: str) -> Iterator[str]:
    """A DATABASE_URL of a new, empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    unique = f"fairlead_bench_{name}_{secrets.token_hex(4)}"
    _tell(f'CREATE DATABASE "{unique}"')
    try:
        yield urlunsplit(urlsplit(POSTGRESQL)._replace(path=f"/{unique}"))
    finally:
        _tell(f'DROP DATABASE IF EXISTS "{unique}" WITH (FORCE)')


def _tell(statement: str) -> None:
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(statement)
