"""docs/conformance.md promises no more than is there: each row has code that exists and a test that exists."""

import ast
import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "conformance.md").read_text()
HEAD = ["Item", "Demanded", "Where", "Test"]
QUOTED = re.compile(r"`([^`]+)`")
CELL = re.compile(r"`[^`]+`(, `[^`]+`)*")
SOURCES = {
    "Relying party tests of the OpenID Foundation": 20,
    "RFC 8725, JSON Web Token Best Current Practices": 12,
    "RFC 9700, Best Current Practice for OAuth 2.0 Security": 12,
    "RFC 9207, Authorization Server Issuer Identification": 3,
    "ASVS 5.0, V6 Authentication": 8,
    "ASVS 5.0, V7 Session management": 8,
    "ASVS 5.0, V8 Authorization": 4,
    "ASVS 5.0, V9 Self-contained tokens": 7,
    "ASVS 5.0, V10 OAuth and OpenID Connect": 8,
}


class Row(NamedTuple):
    section: str
    cells: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.section.partition(',')[0]} {self.cells[0]}"


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def table(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def rows() -> list[Row]:
    return [
        Row(section, tuple(cells))
        for section, text in sections().items()
        for cells in table(text)
        if cells != HEAD and set("".join(cells)) != {"-"}
    ]


def test_every_source_has_its_table() -> None:
    assert sections().keys() == SOURCES.keys() | {"Not met"}
    counted = {section: sum(row.section == section for row in rows()) for section in SOURCES}
    assert {section for section, number in counted.items() if number < SOURCES[section]} == set()
    assert all(table(sections()[section])[0] == HEAD for section in SOURCES)


def test_no_item_stands_there_twice() -> None:
    found = [(row.section, row.cells[0]) for row in rows()]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("row", rows(), ids=str)
def test_a_row_says_what_is_demanded_where_and_by_which_test(row: Row) -> None:
    assert len(row.cells) == 4
    item, demanded, where, tests = row.cells
    assert item
    assert len(demanded.split()) >= 4
    assert CELL.fullmatch(where), where
    assert CELL.fullmatch(tests), tests
    for symbol in QUOTED.findall(where):
        exists(symbol)
    for named in QUOTED.findall(tests):
        path, _, name = named.partition("::")
        assert name in functions(path), f"{named} does not exist"


def exists(symbol: str) -> None:
    """Raises AssertionError where nothing of this dotted name can be imported."""
    parts = symbol.split(".")
    until = next(length for length in range(len(parts), 0, -1) if _is_module(".".join(parts[:length])))
    assert until < len(parts), f"{symbol} is a module; name what enforces it"
    found = import_module(".".join(parts[:until]))
    for name in parts[until:]:
        assert hasattr(found, name), f"{symbol} does not exist"
        found = getattr(found, name)


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@cache
def functions(path: str) -> set[str]:
    """The tests of a file, those of a class as `Class::name`. By what is written: nothing is collected."""
    assert path.startswith("tests/"), path
    tree = ast.parse((ROOT / path).read_text())
    found = set()
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + each.name for each in members if isinstance(each, ast.FunctionDef)}
    return {name for name in found if name.rpartition("::")[2].startswith("test_")}


def test_what_is_not_met_says_why() -> None:
    items = re.findall(r"^\* (.+(?:\n  .+)*)", sections()["Not met"], flags=re.MULTILINE)
    assert len(items) >= 8
    for item in items:
        assert re.match(r"\*\*[^*]+\*\*: \S+( \S+){4,}", item.replace("\n ", "")), item
    demanded = {row.cells[0] for row in rows()}
    for name in re.findall(r"V\d+\.\d+\.\d+", sections()["Not met"]):
        assert name not in demanded
