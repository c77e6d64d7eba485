"""The tenants wing runs with the base dependencies alone: what a host installs for it is all that it imports."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house import PACKAGES, ROOT, sources

WING = ("fairlead", "userpools", "sdkclients")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DISTRIBUTIONS = packages_distributions()


def named(requirements: list[str]) -> set[str]:
    """The distributions of requirement lines, in their canonical spelling."""
    return {_canonical(re.split(r"[\[<>=!~;\s]", line, maxsplit=1)[0]) for line in requirements}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def hard_imports(source: str) -> Iterator[str]:
    """The top-level modules that a file cannot do without: those outside of `try ... except ImportError`."""
    tree = ast.parse(source)
    soft = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and any(_catches_import_error(each) for each in node.handlers)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in soft:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    return isinstance(handler.type, ast.Name) and handler.type.id in {"ImportError", "ModuleNotFoundError"}


def foreign(path: Path) -> dict[str, set[str]]:
    """Per module that is neither Python's nor ours the distributions that bring it."""
    ours = {*sys.stdlib_module_names, *PACKAGES}
    return {
        module: {_canonical(name) for name in DISTRIBUTIONS.get(module, ["nobody"])}
        for module in hard_imports(path.read_text(encoding="utf-8"))
        if module not in ours
    }


@pytest.mark.parametrize("path", [*sources(*WING)], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_of_the_wing_imports_only_what_the_base_dependencies_bring(path: Path) -> None:
    allowed = named(PROJECT["dependencies"])
    assert {module for module, bringing in foreign(path).items() if not bringing & allowed} == set()


def test_the_wing_imports_something_foreign_at_all() -> None:
    """Else the test above would look at nothing."""
    found = {module for path in sources(*WING) for module in foreign(path)}
    assert {"django", "rest_framework", "jwt", "cryptography", "requests"} <= found


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("import redis", ["redis"]),
        ("def f():\n    from redis.exceptions import RedisError", ["redis"]),
        ("try:\n    import redis\nexcept ImportError:\n    redis = None", []),
        ("try:\n    import redis\nexcept ValueError:\n    pass", ["redis"]),
        ("try:\n    pass\nexcept ImportError:\n    import redis", ["redis"]),
        ("from . import x", []),
    ],
)
def test_only_an_import_that_may_fail_is_soft(source: str, modules: list[str]) -> None:
    assert [*hard_imports(source)] == modules
