"""Sending a call as fast as it is answered, from a number of kept connections, with wrk (a Debian package)."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.served.calls import TOKENS_A_RUN, Call
from bench.served.process import Served

_SCRIPT = Path(__file__).parent / "wrk.lua"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one run. Times in milliseconds; `cpu` is the servers' own, per request. `refused` are answers that are none
    of 2xx and 3xx, `broken` connections that were."""

    requests: int
    seconds: float
    p50: float
    p99: float
    slowest: float
    refused: int
    broken: int
    cpu: float = 0.0

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


@dataclass
class Sender:
    """One call at one server. Each run goes on where the last one ended: no refresh token is sent twice, and no ID
    token before all others were. `refusals`: answers that refuse are expected, not an error."""

    call: Call
    url: str
    server: Served
    folder: Path
    tokens: Path
    connections: int = 16
    refusals: bool = False
    _sent: int = 0
    _runs: int = 0

    def run(self, seconds: float) -> Figures:
        """Raises RuntimeError where answers were refused: a refusal costs less, and would look fast."""
        before = self.server.cpu()
        found = self._run(seconds)
        cpu = (self.server.cpu() - before) / max(1, found.requests) * 1e3
        self._sent += found.requests
        self._runs += 1
        if not found.requests or ((found.refused or found.broken) and not self.refusals):
            raise RuntimeError(f"{self.call.path}: {found.refused} of {found.requests} refused, {found.broken} broken")
        return Figures(**{**vars(found), "cpu": cpu})

    def _run(self, seconds: float) -> Figures:
        script = self.folder / "call.lua"
        script.write_text(f"{self._fixed()}\n{_SCRIPT.read_text()}")
        command = [
            "wrk", "--threads", "1", "--connections", str(self.connections), "--duration", f"{max(1, round(seconds))}s",
            "--timeout", "30s", "--script", str(script),
        ]  # fmt: skip
        for name, value in self.call.headers.items():
            command += ["--header", f"{name}: {value}"]
        environment = {"PATH": os.environ["PATH"], "BENCH_OFFSET": str(self._sent)}
        if self.call.bearers:
            environment["BENCH_BEARERS"] = str(self.tokens)
        if self.call.chained:
            environment |= self._chained(*self.call.chained)
        command.append(self.url + self.call.path)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        line = next((each for each in done.stdout.splitlines() if each.startswith("FIGURES ")), None)
        if line is None:
            raise RuntimeError(f"wrk at {self.call.path}: {done.stdout}{done.stderr}")
        return Figures(**json.loads(line.removeprefix("FIGURES ")))

    def _fixed(self) -> str:
        """What does not change from request to request, as Lua. JSON's strings are Lua's."""
        lines = [f"wrk.method = {json.dumps(self.call.method)}"]
        if self.call.method == "POST":
            lines.append('wrk.headers["Content-Type"] = "application/json"')
        if self.call.body:
            lines.append(f"wrk.body = {json.dumps(self.call.body)}")
        return "\n".join(lines)

    def _chained(self, member: str, tokens: tuple[str, ...]) -> dict[str, str]:
        first = tokens[self._runs * TOKENS_A_RUN : (self._runs + 1) * TOKENS_A_RUN]
        if len(first) <= self.connections:
            raise RuntimeError(f"{self.call.path}: too few refresh tokens for {self._runs + 1} runs")
        file = self.folder / "chained.txt"
        file.write_text("\n".join(first) + "\n")
        return {"BENCH_CHAINED": str(file), "BENCH_CHAINED_MEMBER": member}
