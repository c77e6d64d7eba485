"""A child process of a test: started in a group of its own, its output in a file, ended whole."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Child:
    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], log: Path, folder: Path = ROOT
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=folder, env=dict(environment), stdout=output, stderr=output, start_new_session=True
            )

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> int:
        """End the whole group: politely, then for good. Returns the exit status."""
        if self.alive():
            self._signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
        return self.process.wait(timeout=10)

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return


def run(command: Sequence[str], *, environment: Mapping[str, str]) -> str:
    """Run to its end. Raises RuntimeError with what it said when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
