"""A virtual environment that holds what the wheels demand and nothing else: made once per set of requirements.

It lies in var/hosts/, named by the requirements. The wheels themselves are installed anew whenever they change.
"""

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hosts import wheels
from tests.hosts.wheels import Wheels
from tests.house import ROOT

_KEPT = ROOT / "var" / "hosts"
_PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")
# What pip reads to find its index; nothing else of the checkout's environment is passed on.
_PASSED_ON = ("HOME", "LANG")


class Environment:
    """`extras` of `fairlead`, with or without `fairlead-accounts`; `beside`, what the project itself needs."""

    def __init__(
        self, built: Wheels, *, extras: Collection[str] = (), accounts: bool = False, beside: str = ""
    ) -> None:
        self._wheels = [built.fairlead, *([built.accounts] if accounts else [])]
        needed = {*wheels.demanded(built.fairlead, extras=extras), *filter(None, [beside])}
        if accounts:
            needed |= set(wheels.demanded(built.accounts))
        self._needed = sorted(needed)
        key = hashlib.sha256("\n".join([sys.version, *self._needed, _pins()]).encode()).hexdigest()[:16]
        self.folder = _KEPT / key

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def variables(self) -> dict[str, str]:
        """For whatever runs in it: no PYTHONPATH, no settings of the checkout."""
        kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith("PIP_")}
        return kept | {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "PYTHONNOUSERSITE": "1"}

    def prepare(self) -> "Environment":
        with self._locked():
            if not (self.folder / "complete").exists():
                self._make()
            self._install()
        return self

    def installed(self) -> dict[str, str]:
        """Name and version of every distribution in it, pip's own left out."""
        listed = json.loads(self.run("-m", "pip", "list", "--format", "json", "--disable-pip-version-check"))
        return {each["name"].lower(): each["version"] for each in listed if each["name"] not in {"pip", "setuptools"}}

    def run(self, *arguments: str, folder: Path | None = None) -> str:
        """Run its Python; what it printed. Raises RuntimeError with all of it when it fails."""
        done = subprocess.run(
            [str(self.python), *arguments],
            cwd=folder or self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _make(self) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(self.folder)], check=True)
        (self.folder / "needed.txt").write_text("\n".join(self._needed) + "\n", encoding="utf-8")
        (self.folder / "pins.txt").write_text(_pins(), encoding="utf-8")
        self.run(*_PIP, "install", "--requirement", "needed.txt", "--constraint", "pins.txt")
        (self.folder / "complete").touch()

    def _install(self) -> None:
        mark, wanted = self.folder / "wheels", wheels.digest(*self._wheels)
        if mark.exists() and mark.read_text(encoding="ascii") == wanted:
            return
        mark.unlink(missing_ok=True)
        self.run(*_PIP, "install", "--no-deps", "--no-index", "--force-reinstall", *map(str, self._wheels))
        self.run("-m", "pip", "check", "--disable-pip-version-check")
        mark.write_text(wanted, encoding="ascii")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        _KEPT.mkdir(parents=True, exist_ok=True)
        with (_KEPT / f"{self.folder.name}.lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield


def _pins() -> str:
    """The exact versions that Fairlead is tested with, without hashes: what a host needs besides has none."""
    pinned = re.findall(r"^[\w.-]+==[\w.]+", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    return "\n".join([*pinned, ""])
