"""Figures beside their targets: as a table, as a verdict for each target, and as JSON."""

import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench import machine
from bench.targets import PARTS, TARGETS, By, Part

VAR = Path(__file__).resolve().parent.parent / "var"
NOT_MEASURED = "not measured"
_LIBRARIES = (
    "Django", "djangorestframework", "PyJWT", "cryptography", "requests", "psycopg", "gunicorn", "granian",
    "djangorestframework-simplejwt", "django-rest-knox", "drf-oidc-auth", "mozilla-django-oidc", "django-allauth",
    "joserfc", "Authlib",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """A figure for a part of the table (`T1.rs256`), and the same figure of peers in the same run.

    `spread` is the lowest and the highest of several rounds, of which `measured` is the median.
    """

    part: str
    measured: float
    peers: Mapping[str, float] = field(default_factory=dict)
    spread: tuple[float, float] | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.part not in PARTS:
            raise KeyError(f"{self.part} is in no target of bench/targets.py")

    @property
    def met(self) -> str:
        """ "" for a figure without a target."""
        part = PARTS[self.part]
        if part.must is None:
            return ""
        if part.floor is not None and self.measured < part.floor:
            return "noise"
        if part.best is not None and _reaches(self.measured, part.best, part):
            return "best"
        return "yes" if _reaches(self.measured, part.must, part) else "NO"


def _reaches(measured: float, wanted: float, part: Part) -> bool:
    return measured >= wanted if part.more_is_better else measured <= wanted


def verdict(target: str, rows: Iterable[Row]) -> str:
    """A target is met by all of its parts together; a part that nobody measured is missed."""
    found = {row.part: row.met for row in rows}
    needed = [f"{target}.{name}" for name, part in TARGETS[target].parts.items() if part.must is not None]
    met = [found.get(name, NOT_MEASURED) for name in needed]
    for worst in ("NO", "noise", NOT_MEASURED, "yes"):
        if worst in met:
            return worst
    return "best"


def table(rows: Iterable[Row], *, by: Iterable[By] = tuple(By)) -> str:
    """All targets in their order, with what these rows say of each. `by`: leave out what other commands measure, but
    say which one does."""
    found, wanted = {row.part: row for row in rows}, set(by)
    lines = [("target", "what", "measured", "spread", "must", "best", "peers in this run", "met?")]
    for name, target in TARGETS.items():
        lines.append((name, target.title, "", "", "", "", "", verdict(name, found.values())))
        for key, part in target.parts.items():
            row = found.get(f"{name}.{key}")
            if row is None and part.must is None:
                continue
            lines.append(_line(part, row, elsewhere=part.by not in wanted))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([text[0], "-" * max(map(len, text)), *text[1:]])


def _line(part: Part, row: Row | None, *, elsewhere: bool) -> tuple[str, ...]:
    name, figure, *rest = cells(part, row)
    return ("", f"  {name}", f"by make {part.by}" if row is None and elsewhere else figure, *rest)


def cells(part: Part, row: Row | None) -> tuple[str, ...]:
    """What, measured, spread, must, best, peers and verdict, as texts."""
    limits = (_limit(part.must), _limit(part.best))
    if row is None:
        return (part.what, NOT_MEASURED, "", *limits, "", "")
    spread = "" if row.spread is None else f"{_number(row.spread[0])} - {_number(row.spread[1])}"
    peers = ", ".join(f"{name} {_number(value)}" for name, value in row.peers.items())
    return (part.what, f"{_number(row.measured)} {part.unit}".rstrip(), spread, *limits, peers, row.met)


def write(rows: Iterable[Row], *, file: Path, **more: Any) -> Path:
    """Everything as JSON, with the machine, the libraries and the time; `more` is added as it is."""
    rows = list(rows)
    document: dict[str, Any] = {
        "taken_at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": asdict(machine.describe()),
        "libraries": {name: found for name in _LIBRARIES if (found := _version(name))},
        "verdicts": {name: verdict(name, rows) for name in TARGETS},
        "rows": [{**asdict(row), **asdict(PARTS[row.part]), "met": row.met} for row in rows],
        **more,
    }
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n")
    return file


def read(file: Path) -> tuple[list[Row], dict[str, Any]]:
    """The rows of an earlier run and its whole document. Rows whose part is gone are left out."""
    document: dict[str, Any] = json.loads(file.read_text())
    rows = [
        Row(
            part=each["part"],
            measured=each["measured"],
            peers=each["peers"],
            spread=None if each["spread"] is None else (each["spread"][0], each["spread"][1]),
            note=each["note"],
        )
        for each in document["rows"]
        if each["part"] in PARTS
    ]
    return rows, document


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _number(value: float) -> str:
    if value == int(value):
        return str(int(value))
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
