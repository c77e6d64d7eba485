"""`python -m bench.report`, or `make bench-report`: puts the last runs into docs/performance.md, with their machine.

Reads var/bench.json, var/bench-peers.json and var/bench-growth.json; what a run is missing for, is not measured.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench import results
from bench.results import Row
from bench.targets import PARTS, TARGETS, By

FILES = {By.BENCH: "bench.json", By.PEERS: "bench-peers.json", By.GROWTH: "bench-growth.json"}
PAGE = results.VAR.parent / "docs" / "performance.md"
_BEGIN, _END = "<!-- begin: written by make bench-report -->", "<!-- end -->"


def main() -> int:
    rows, runs = gathered(results.VAR)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(replaced(page, "\n\n".join(sections(rows, runs))), encoding="utf-8")
    print(f"Written to {PAGE}.")
    return 0


def gathered(folder: Path) -> tuple[list[Row], dict[By, dict[str, Any]]]:
    """The rows of all runs, and each run's document. Where two runs have a part, the one counts that it is for; the
    peers of both are kept."""
    rows: dict[str, Row] = {}
    runs: dict[By, dict[str, Any]] = {}
    for by, name in FILES.items():
        if not (folder / name).exists():
            continue
        found, runs[by] = results.read(folder / name)
        for row in found:
            before = rows.get(row.part)
            if before is None or PARTS[row.part].by is by:
                rows[row.part] = row if before is None else _with_peers(row, before.peers)
            else:
                rows[row.part] = _with_peers(before, row.peers)
    return list(rows.values()), runs


def _with_peers(row: Row, more: Mapping[str, float]) -> Row:
    return Row(**{**vars(row), "peers": {**more, **row.peers}})


def replaced(page: str, content: str) -> str:
    """The page with this between its two marks. Raises ValueError where they are missing."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError("The page has no marks to write between.")
    return f"{before}{begin}\n\n{content}\n\n{end}{after}"


def sections(rows: list[Row], runs: Mapping[By, Mapping[str, Any]]) -> Iterable[str]:
    yield "\n".join(_run(by, runs.get(by)) for by in By)
    found = {row.part: row for row in rows}
    lines = ["| | what | measured | must | best | peers in the same run | met? |", "|---|---|---|---|---|---|---|"]
    for name, target in TARGETS.items():
        lines.append(f"| **{name}** | **{target.title}** | | | | {target.peer} | **{results.verdict(name, rows)}** |")
        for key, part in target.parts.items():
            row = found.get(f"{name}.{key}")
            if row is not None or part.must is not None:
                cells = results.cells(part, row)
                lines.append(f"| | {cells[0]} | {_measured(cells[1], cells[2], row)} | " + " | ".join(cells[3:]) + " |")
    yield "\n".join(lines)
    served = runs.get(By.PEERS, {}).get("served", {})
    if served:
        yield "\n".join(_served(served))
    if By.GROWTH in runs:
        yield _cleared(runs[By.GROWTH])


def _measured(figure: str, spread: str, row: Row | None) -> str:
    more = [each for each in (spread, row.note if row else "") if each]
    return f"{figure} ({'; '.join(more)})" if more else figure


def _run(by: By, run: Mapping[str, Any] | None) -> str:
    if run is None:
        return f"* `make {by}`: not measured."
    machine = run["machine"]
    idle = "" if run.get("idle", machine["busy"] < 0.15) else ", **which had other work**"
    system = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']:.0f} GiB, {machine['system']}"
    at = run["taken_at"][:16].replace("T", " ")
    return f"* `make {by}`: {at} UTC, {system}, load {machine['load']:.2f}{idle}; Python {run['python']}."


def _served(served: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterable[str]:
    """Requests a second of every call in every configuration, with the milliseconds of own CPU behind."""
    names = list(dict.fromkeys(name for calls in served.values() for name in calls))
    yield "Requests a second (own CPU of a request in milliseconds), the median of the rounds:\n"
    yield "| | " + " | ".join(served) + " |"
    yield "|---" * (len(served) + 1) + "|"
    for name in names:
        yield f"| {name} | " + " | ".join(_rate(calls.get(name)) for calls in served.values()) + " |"


def _rate(call: Mapping[str, Any] | None) -> str:
    return "" if call is None else f"{call['per_second']:.0f} ({call['cpu']:.2f})"


def _cleared(run: Mapping[str, Any]) -> str:
    cleared, rows = run["clear_expired"], sum(each["rows"] for each in run["filled"].values())
    return (
        f"`clear_expired` over {rows:,} rows: {cleared['seconds']:.0f} s, its longest statement "
        f"{cleared['longest_statement']['seconds']:.2f} s."
    )


if __name__ == "__main__":
    sys.exit(main())
