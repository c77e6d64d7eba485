"""The one place that reads the process environment and the `.env` file.

Everything else reads Django settings, which are made from the `Environment` built here. Order of precedence: process
environment, then `.env`, then (in development only) the secrets that `make run` made for itself, then the default.
A variable marked secret is also accepted as `NAME_FILE`, the path of a file that holds it. No message shows a value,
since it may be a secret.
"""

import os
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values

from config.variables import Environment
from fairlead.placeholders import unexpanded

ROOT = Path(__file__).resolve().parent.parent
Layers = list[tuple[str, Mapping[str, str]]]


def read(process: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Environment:
    """Build the environment. Raises ImproperlyConfigured listing every variable that cannot be understood."""
    found_in = layers(process, dotenv)
    found: dict[str, Any] = {}
    sources: dict[str, str] = {}
    faults: list[str] = []
    for each in fields(Environment):
        if each.name == "sources":
            continue
        try:
            source = _find(each, found_in, found)
        except ValueError as fault:
            faults.append(str(fault))
            continue
        if source:
            sources[each.name.upper()] = source
    if faults:
        raise ImproperlyConfigured("Fairlead does not start:\n" + "\n".join(f"  * {fault}" for fault in faults))
    return Environment(**found, sources=sources)


def layers(process: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Layers:
    """What counts first stands first: the name of a place, and the variables in it."""
    process = os.environ if process is None else process
    if dotenv is None and (named := process.get("ENV_FILE")):
        dotenv = Path(named)
        if not dotenv.exists():
            raise ImproperlyConfigured(f"ENV_FILE names {named}, which is not there.")
    dotenv = dotenv or ROOT / ".env"
    found: Layers = [("environment", process), (dotenv.name, _file(dotenv))]
    if _first("FAIRLEAD_ENV", found) == "development":
        found.append(("var/development.env", _file(ROOT / "var" / "development.env")))
    return found


def _find(each: "Field[Any]", layers: Layers, found: dict[str, Any]) -> str | None:
    """Put the variable's value into `found`, and say where it came from. Raises ValueError with the whole message."""
    name, told = each.name.upper(), each.metadata
    for source, layer in layers:
        raw = _raw(name, layer, secret=told["secret"])
        if raw is None:
            continue
        if not raw.strip():
            return None
        try:
            found[each.name] = told["parse"](raw)
        except ValueError as wanted:
            example = told["example"] or example_of(each.default)
            placeholder = " It holds a placeholder that nobody replaced." if unexpanded(raw.strip()) else ""
            raise ValueError(
                f"{name} ({source}) has to be {wanted}.{placeholder} It means: {told['meaning']}. "
                f"For example: {name}={example}"
            ) from None
        return source
    return None


def example_of(default: Any) -> str:
    """A value as it stands in a file."""
    if default is None:
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    written = ",".join(default) if isinstance(default, tuple) else str(default)
    return f'"{written}"' if " " in written else written


def _file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        written = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as fault:
        raise ImproperlyConfigured(f"{path} cannot be read: {_reason(fault)}.") from None
    return {name: value for name, value in written.items() if value is not None}


def _raw(name: str, layer: Mapping[str, str], *, secret: bool) -> str | None:
    if not secret or not (path := layer.get(f"{name}_FILE")):
        return layer.get(name)
    try:
        held = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise ValueError(f"{name}_FILE names {path}, which cannot be read: {_reason(fault)}.") from None
    if not held:
        raise ValueError(f"{name}_FILE names {path}, which is empty. It has to hold the value of {name}.")
    return held


def _reason(fault: OSError | UnicodeDecodeError) -> str:
    return (fault.strerror or "the system gives no reason") if isinstance(fault, OSError) else "it is no UTF-8 text"


def _first(name: str, layers: Layers) -> str | None:
    return next((layer[name].strip() for _, layer in layers if layer.get(name, "").strip()), None)
