"""A server under measurement: started in a process group of its own, with what the group used of the machine."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_TICK = os.sysconf("SC_CLK_TCK")


class Served:
    """`environment` is all that the server sees of ours."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=dict(environment), stdout=output, stderr=output, start_new_session=True
            )

    def wait_for(self, url: str, *, seconds: float = 60.0) -> None:
        """Until anything answers at this address. Raises RuntimeError with the end of the log."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and self._process.poll() is None:
            with suppress(OSError, urllib.error.URLError):
                try:
                    urllib.request.urlopen(url, timeout=5).close()
                except urllib.error.HTTPError:
                    return
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{url} does not answer.\n{self.log.read_text(errors='replace')[-3000:]}")

    def cpu(self) -> float:
        """Seconds of processor time that the group has spent so far, in itself and in the kernel."""
        found = 0
        for each in self._members():
            with suppress(OSError):
                fields = _stat(each)
                found += int(fields[11]) + int(fields[12])
        return found / _TICK

    def memory(self) -> int:
        """Bytes of the machine's memory that the group holds."""
        return sum(self._statuses("VmRSS"))

    def forget_peak(self) -> None:
        """What `peak` tells begins now."""
        for each in self._members():
            with suppress(OSError):
                (each / "clear_refs").write_text("5")

    def peak(self) -> int:
        """The most bytes that each process of the group held since `forget_peak`, together."""
        return sum(self._statuses("VmHWM"))

    def _statuses(self, name: str) -> Iterator[int]:
        for each in self._members():
            with suppress(OSError):
                lines = (each / "status").read_text().splitlines()
                yield from (int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))

    def _members(self) -> list[Path]:
        """The folders under /proc of the group's living processes."""
        return [each for each in Path("/proc").iterdir() if each.name.isdigit() and self._is_member(each)]

    def _is_member(self, entry: Path) -> bool:
        try:
            return int(_stat(entry)[2]) == self._process.pid
        except OSError:
            return False

    def stop(self) -> None:
        for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=patience)
                break
        # Workers that outlived their master.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _stat(entry: Path) -> list[str]:
    """The fields of /proc/<pid>/stat behind the name, which may hold anything: state, parent, group and so on."""
    return (entry / "stat").read_text().rpartition(")")[2].split()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: Sequence[str], *, environment: Mapping[str, str]) -> str:
    """Run to its end; what it printed. Raises RuntimeError with what it said when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
