"""A copy of the checkout as a fresh clone has it, with `make run` running in it. Nothing of the developer's is touched."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.fresh_clone import copy_to
from tests.ports import free_port


class Checkout:
    def __init__(self, folder: Path) -> None:
        self.folder = copy_to(folder)
        (folder / ".venv").symlink_to(Path(sys.prefix))
        self.port, self.provider_port = free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self.output = folder / "make-run.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}

    def run(self, *, until: str = "\nCtrl-C stops both.", **environment: str) -> None:
        """What `make run` runs, until it has printed this. Raises RuntimeError with its output when it ends before."""
        ports = {"PORT": str(self.port), "PROVIDER_PORT": str(self.provider_port)}
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [".venv/bin/python", "-m", "demo"],
                cwd=self.folder,
                env=self.environment | ports | environment,
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + 120
        while until not in self.said:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.interrupt()
                raise RuntimeError(self.said)
            time.sleep(0.1)

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def interrupt(self) -> int:
        """Ctrl-C, as a terminal sends it. Returns the exit status."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=60)

    def wait(self) -> int:
        assert self._process is not None
        return self._process.wait(timeout=60)

    def servers(self) -> list[int]:
        """Process ids of the two servers."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [int(each) for each in children]

    def shell(self, script: str) -> str:
        """Run lines as somebody pastes them in a second terminal, where no port is named; returns what they printed.

        Fails where a line fails.
        """
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
