"""Where a running `make run` answers, for `make tour` and `demo.token`: it stands in var/demo.json while it runs."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from demo.surroundings import VAR, Surroundings, SurroundingsError, look_around

FILE = VAR / "demo.json"


def tell(around: Surroundings, file: Path = FILE) -> None:
    told = {
        "pid": os.getpid(),
        "app_url": around.app_url,
        "port": around.port,
        "provider_port": around.provider_port,
        "issuer": around.issuer,
    }
    file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def take_back(file: Path = FILE) -> None:
    """When it ends. What another `make run` has told in the meantime stays."""
    if (_told(file) or {}).get("pid") == os.getpid():
        file.unlink(missing_ok=True)


def find(process: Mapping[str, str] | None = None, file: Path = FILE, dotenv: Path | None = None) -> Surroundings:
    """The surroundings of what runs, unless PORT, PROVIDER_PORT or APP_URL say otherwise here.

    Raises SurroundingsError where the file is left from a run that was cut off.
    """
    process = dict(os.environ if process is None else process)
    named = {name for name in ("PORT", "PROVIDER_PORT", "APP_URL") if process.get(name, "").strip()}
    told = _told(file)
    if told is None or {"PORT", "PROVIDER_PORT"} <= named:
        return look_around(process, dotenv)
    if not _alive(told["pid"]):
        raise SurroundingsError(
            f"{file.name} in {file.parent.name}/ is left from a `make run` that was cut off. Start it again: make run"
        )
    found = {"PROVIDER_PORT": str(told["provider_port"])}
    if not named & {"PORT", "APP_URL"}:
        found |= {"PORT": str(told["port"]), "APP_URL": told["app_url"]}
    return look_around(process | {name: value for name, value in found.items() if name not in named}, dotenv)


def _told(file: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and {"pid", "app_url", "port", "provider_port"} <= told.keys() else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's process: it runs
        return True
    return True
