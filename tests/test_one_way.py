"""What there is one way for: addresses by name, Django's own SQL, one memory, what running needs."""

import ast
import re
from pathlib import Path

import pytest

from tests.distributions.test_requirements import pinned
from tests.house import ROOT, TRAVELLING, sources

FOLDERS = (
    "account", "admin", "api", "app", "backoffice", "login", "logout", "org", "password-reset", "pools", "problems",
    "register", "uploads", "verify-email",
)  # fmt: skip
# The page of a front end that is not ours, and what a site without our routes is told.
ELSEWHERE = {
    "fairlead/web/health/front_ends.py": 'f"{origin}/login"',
    "fairlead/web/problems.py": 'return "/problems"',
    "oidc_login/origins.py": 'f"{ends_at}/login"',
}
ROOT_ABSOLUTE = re.compile(rf"""["'](?:\{{[a-z_.()]+\}})?/(?:{"|".join(FOLDERS)})(?:/|["'?#])""")


def below(pattern: str) -> list[Path]:
    return [path for each in TRAVELLING for path in (ROOT / each).rglob(pattern)]


@pytest.mark.parametrize("source", list(sources(*TRAVELLING)), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_root_absolute_address_stands_in_code(source: Path) -> None:
    known = ELSEWHERE.get(str(source.relative_to(ROOT)))
    found = [line for line in source.read_text().splitlines() if ROOT_ABSOLUTE.search(line)]
    assert [line for line in found if known is None or known not in line] == []
    assert len(found) == (known is not None)


def test_no_root_absolute_address_stands_in_templates_or_mails() -> None:
    pages, mails = below("*.html"), below("templates/**/*.txt")
    assert [path for path in pages if re.search(r'(?:href|action|src)="/', path.read_text())] == []
    assert [path for path in mails if re.search(r"\}\}/[a-z]", path.read_text())] == []
    assert min(len(pages), len(mails)) > 5


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{each.name}" for each in node.names}
    return found


def test_nobody_reaches_into_djangos_sql() -> None:
    reaching = {path for path in sources() if any(name.startswith("django.db.models.sql") for name in imports(path))}
    assert reaching == set()


def test_what_a_process_remembers_is_kept_by_one_class() -> None:
    """`fairlead.memory`; what depends on nothing that can change may be remembered for ever."""
    ordered = {str(path.relative_to(ROOT)) for path in sources() if "collections.OrderedDict" in imports(path)}
    assert ordered <= {"fairlead/memory.py"}


def test_running_needs_no_developers_tools() -> None:
    running, developing = (
        {*pinned("requirements.txt"), *pinned("requirements-demo.txt")},
        pinned("requirements-dev.txt"),
    )
    assert not running & set(developing)
    assert not running & {
        "pytest",
        "mypy",
        "ruff",
        "playwright",
        "moto",
        "hypothesis",
        "schemathesis",
        "build",
        "twine",
    }
    assert {"pytest", "mypy", "ruff", "playwright"} <= set(developing)
