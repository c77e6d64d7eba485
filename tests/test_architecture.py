"""docs/architecture.md is compared with the import contracts, the code's names and the lifetimes of what is remembered."""

import ast
import re
import tomllib
from importlib import import_module
from typing import Any

import pytest
from django.urls import reverse

from fairlead.memory import Memory
from tests.house import PACKAGES, ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
SYMBOL = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)`")


def part(title: str) -> str:
    (found,) = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


def floors(text: str) -> list[set[str]]:
    """The names before the colon of each numbered line."""
    lines = re.findall(r"^\d\. (.*?):(?:\s)", text, re.MULTILINE | re.DOTALL)
    return [set(re.findall(r"`(\w+)`", line)) for line in lines]


@pytest.mark.parametrize(("which", "contract"), [(0, "Imports go down only"), (1, "Inside fairlead too")])
def test_the_floors_are_those_of_the_import_contracts(which: int, contract: str) -> None:
    (layers,) = [each["layers"] for each in CONTRACTS if each["name"] == contract]
    written = floors(part("The floors").split("Inside `fairlead`")[which])
    assert written == [set(layer.split(" | ")) for layer in layers]


def test_every_other_contract_is_told_and_no_other() -> None:
    told = re.findall(r"^\* (.+)$", part("The floors"), re.MULTILINE)
    assert told == [each["name"] for each in CONTRACTS if each["type"] == "forbidden"]


def found(symbol: str) -> Any:
    """What `package.module.Class.method` names. Raises where there is no such thing."""
    names = symbol.split(".")
    for at in range(len(names), 0, -1):
        try:
            thing = import_module(".".join(names[:at]))
        except ModuleNotFoundError:
            continue
        for name in names[at:]:
            thing = getattr(thing, name)
        return thing
    raise ModuleNotFoundError(symbol)


@pytest.mark.parametrize("symbol", sorted(set(SYMBOL.findall(TEXT))))
def test_every_name_is_there(symbol: str) -> None:
    found(symbol)


@pytest.mark.parametrize(
    "flow",
    ["A person signs in through a provider", "An organization's backend creates a pool", "An app user calls"],
)
def test_each_flow_is_told_by_its_symbols(flow: str) -> None:
    assert len(set(SYMBOL.findall(part(flow)))) >= 9


def remembered() -> set[str]:
    """Every `name: Memory = Memory(...)` at the top of a module."""
    return {
        ".".join([*path.relative_to(ROOT).with_suffix("").parts, node.target.id])
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == Memory.__name__
    }


def test_everything_that_is_remembered_is_told_with_its_lifetime() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| (\d+) \|", part("What a worker keeps in memory"), re.MULTILINE)
    assert {symbol for symbol, _ in rows} == remembered()
    assert {symbol: float(seconds) for symbol, seconds in rows} == {
        symbol: float(found(symbol)._seconds) for symbol, _ in rows
    }


def test_addresses_named_as_examples_are_there() -> None:
    names = re.findall(r"`(\w+:\w+)`", part("Seams for a host project"))
    assert len(names) == 2
    for name in names:
        reverse(name)
