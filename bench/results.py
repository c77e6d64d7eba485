"""A measured figure beside its target, as a line of a table and as JSON."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

_LIBRARIES = ("Django", "djangorestframework", "PyJWT", "cryptography", "requests")
_FILE = Path(__file__).resolve().parent.parent / "var" / "bench.json"


@dataclass(frozen=True, kw_only=True)
class Row:
    """`must` and `best` are the target's figures, None where it has none. `more_is_better` turns the comparison. Below
    `floor` a figure is the machine's noise, since the code cannot do that."""

    target: str
    what: str
    measured: float
    unit: str = ""
    must: float | None = None
    best: float | None = None
    more_is_better: bool = False
    floor: float | None = None

    @property
    def met(self) -> str:
        """ "" for a figure without a target: a peer's, or one that helps to read another."""
        if self.must is None:
            return ""
        if self.floor is not None and self.measured < self.floor:
            return "noise"
        if self.best is not None and self._reaches(self.best):
            return "best"
        return "yes" if self._reaches(self.must) else "NO"

    def _reaches(self, wanted: float) -> bool:
        return self.measured >= wanted if self.more_is_better else self.measured <= wanted


def table(rows: list[Row]) -> str:
    lines = [("target", "what", "measured", "must", "best", "met?")]
    lines += [
        (row.target, row.what, _figure(row.measured, row.unit), _limit(row.must), _limit(row.best), row.met)
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([text[0], "-" * max(map(len, text)), *text[1:]])


def write(rows: list[Row], *, file: Path = _FILE) -> Path:
    document: dict[str, Any] = {
        "taken_at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "rows": [{**asdict(row), "met": row.met} for row in rows],
    }
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n")
    return file


def _figure(value: float, unit: str) -> str:
    text = str(int(value)) if value == int(value) else f"{value:.2f}"
    return f"{text} {unit}".rstrip()


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
