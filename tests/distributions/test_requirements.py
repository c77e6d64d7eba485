"""Ranges in pyproject.toml, exact versions in the requirements files, and nothing imported that neither names."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import PACKAGES, ROOT, sources

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
BASE = PROJECT["project"]["dependencies"]
ACCOUNTS = (ROOT / "distributions" / "accounts" / "requirements.in").read_text(encoding="utf-8").split("\n")
FILES = ("requirements.txt", "requirements-demo.txt", "requirements-dev.txt")


def lines(file: str) -> list[str]:
    return (ROOT / file).read_text(encoding="utf-8").splitlines()


def pinned(file: str) -> dict[str, str]:
    """Name and version of what this file alone adds."""
    found = (re.fullmatch(r"([A-Za-z0-9._-]+)==([\w.]+)", each) for each in lines(file) if not each.startswith("-r "))
    return {canonicalize_name(each[1]): each[2] for each in found if each}


def ranges(wanted: Iterable[str]) -> Iterator[Requirement]:
    for each in filter(None, wanted):
        requirement = Requirement(each)
        if requirement.name == "fairlead":
            yield from ranges(BASE)
            for extra in requirement.extras:
                yield from ranges(EXTRAS[extra])
        else:
            yield requirement


def closure(wanted: Iterable[Requirement]) -> set[str]:
    """The names that installing these brings, by the metadata of what is installed."""
    found: set[tuple[str, str]] = set()
    queue = [(each.name, extra) for each in wanted for extra in ("", *each.extras)]
    while queue:
        name, extra = queue.pop()
        if (canonicalize_name(name), extra) in found:
            continue
        found.add((canonicalize_name(name), extra))
        for needed in map(Requirement, metadata.requires(name) or ()):
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                queue += [(needed.name, each) for each in ("", *needed.extras)]
    return {name for name, _ in found}


SITE = list(ranges(["fairlead[site]"]))
DEMO = list(ranges(PROJECT["dependency-groups"]["demo"]))
DEV = list(ranges(PROJECT["dependency-groups"]["dev"]))


@pytest.mark.parametrize("file", FILES)
def test_every_line_names_one_exact_version_and_the_order_is_plain(file: str) -> None:
    named = [each for each in lines(file) if not each.startswith("-r ")]
    assert len(named) == len(pinned(file))


def test_each_file_stands_on_the_one_before_and_names_nothing_twice() -> None:
    assert [[each for each in lines(file) if each.startswith("-r ")] for file in FILES] == [
        [],
        ["-r requirements.txt"],
        ["-r requirements-demo.txt"],
    ]
    named = [name for file in FILES for name in pinned(file)]
    assert len(named) == len(set(named))


def test_what_is_pinned_is_what_is_needed() -> None:
    assert set(pinned(FILES[0])) == closure(SITE)
    assert set(pinned(FILES[1])) == closure(DEMO) - closure(SITE)
    assert set(pinned(FILES[2])) == closure(DEV) - closure(SITE) - closure(DEMO)


def test_pinned_versions_lie_in_the_ranges_and_are_installed() -> None:
    versions = {name: version for file in FILES for name, version in pinned(file).items()}
    for each in (*SITE, *DEMO, *DEV):
        assert each.specifier.contains(versions[canonicalize_name(each.name)]), each
    assert {name: metadata.version(name) for name in versions} == versions


def test_the_site_needs_no_less_than_the_distribution_of_accounts() -> None:
    site = {canonicalize_name(each.name): each.specifier for each in SITE}
    for each in ranges(ACCOUNTS):
        assert site[canonicalize_name(each.name)] == each.specifier


def imported(path: Path) -> Iterator[str]:
    """Top-level names that this file cannot do without: not those that it imports in a `try`."""

    def walk(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (each.name.partition(".")[0] for each in child.names)
            elif isinstance(child, ast.ImportFrom) and child.module and not child.level:
                yield child.module.partition(".")[0]
            elif not isinstance(child, ast.Try):
                yield from walk(child)

    return walk(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("folders", "allowed"),
    [
        (("fairlead", "userpools", "sdkclients"), ["fairlead"]),
        (("oidc_login",), ["fairlead[oidc]"]),
        (("accounts",), ["fairlead", *ACCOUNTS]),
        (("config",), ["fairlead[site]"]),
        (("demo",), ["fairlead[site]", *PROJECT["dependency-groups"]["demo"]]),
    ],
    ids=lambda value: value[0],
)
def test_packages_import_what_their_distribution_names(folders: tuple[str, ...], allowed: list[str]) -> None:
    names = {canonicalize_name(each.name) for each in ranges(allowed)}
    if "demo" in folders:
        names |= closure(DEMO)  # the provider's extension of its library uses what that library stands on
    owners = metadata.packages_distributions()
    for path in sources(*folders):
        for module in set(imported(path)) - set(sys.stdlib_module_names) - {*PACKAGES, "demo"}:
            assert {canonicalize_name(each) for each in owners[module]} & names, f"{path} imports {module}"
