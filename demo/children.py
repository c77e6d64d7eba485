"""The two servers of `make run`: started in groups of their own, relayed to the terminal, ended together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import requests

ROOT = Path(__file__).resolve().parent.parent


class NotStarted(Exception):
    """A server did not come up; the message says which, and what to do."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[str]
    relay: threading.Thread

    def ended(self) -> int | None:
        return self.process.poll()

    def signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return


@dataclass
class Children:
    """Whatever was started here is ended here, in the end of the `with`."""

    log: Path
    running: list[Child] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Children":
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.write_text("", encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        for child in self.running:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + 8
        for child in self.running:
            try:
                child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.signal(signal.SIGKILL)
            child.relay.join(timeout=2)

    def start(self, name: str, command: Sequence[str], *, environment: Mapping[str, str]) -> Child:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches us alone; we end them in order
        )
        relay = threading.Thread(target=self._relay, args=(process.stdout,), daemon=True)
        relay.start()
        child = Child(name, process, relay)
        self.running.append(child)
        return child

    def _relay(self, lines: IO[str] | None) -> None:
        for line in lines or ():
            with self._lock, self.log.open("a", encoding="utf-8") as log:
                sys.stdout.write(line)
                sys.stdout.flush()
                log.write(line)

    def wait_for(self, child: Child, url: str, *, host: str, seconds: float = 60) -> None:
        """Until the address answers with a 200. `host` is the Host header, for a service that knows its own name."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if child.ended() is not None:
                raise NotStarted(f"The {child.name} ended with status {child.ended()}. What it said stands above.")
            try:
                if requests.get(url, headers={"Host": host}, timeout=5).ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
        raise NotStarted(f"The {child.name} does not answer at {url}.")

    def until_one_ends(self) -> str:
        """Wait, perhaps for days. Returns a sentence about the child that ended by itself."""
        while True:
            for child in self.running:
                if (status := child.ended()) is not None:
                    return f"The {child.name} ended by itself with status {status}. See {self.log.relative_to(ROOT)}."
            time.sleep(0.3)


def refuse_busy(port: int, *, setting: str) -> None:
    """Raises NotStarted when somebody listens on this port, naming one where nobody does."""
    if _busy(port):
        other = next((each for each in range(port + 1, min(port + 100, 65535)) if not _busy(each)), port + 1)
        raise NotStarted(
            f"Port {port} is in use on this machine. Stop what listens there, or choose another port:"
            f" make run {setting}={other}"
        )


def _busy(port: int) -> bool:
    """Whether somebody listens on this port of the loopback address, IPv4 or IPv6."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.settimeout(1)
                if probe.connect_ex((address, port)) == 0:
                    return True
        except OSError:
            continue  # no IPv6 here
    return False


def host_of(url: str) -> str:
    return urlsplit(url).netloc
