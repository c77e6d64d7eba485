"""The house as a whole: its lists agree with the folders, and with each other."""

import re
import tomllib

from distributions import staging
from tests.house import PACKAGES, ROOT, TRAVELLING

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Folders with Python in them that are no part of the service.
BESIDE = {"bench", "demo", "distributions", "tests"}


def test_the_packages_are_the_folders_that_hold_one() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders == {*PACKAGES} | BESIDE


def test_every_list_of_packages_is_the_same() -> None:
    makefile = re.search(r"^PACKAGES := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert makefile
    assert sorted(makefile[1].split()) == sorted(PACKAGES)
    tools = PROJECT["tool"]
    assert sorted(tools["coverage"]["run"]["source"]) == sorted(PACKAGES)
    assert sorted(tools["importlinter"]["root_packages"]) == sorted(PACKAGES)


def test_every_travelling_package_is_in_one_distribution() -> None:
    assert sorted(staging.FAIRLEAD + staging.ACCOUNTS) == sorted(TRAVELLING)
    accounts = tomllib.loads((ROOT / "distributions" / "accounts" / "pyproject.toml").read_text(encoding="utf-8"))
    for project, packages in ((PROJECT, staging.FAIRLEAD), (accounts, staging.ACCOUNTS)):
        found = project["tool"]["setuptools"]["packages"]["find"]["include"]
        assert found == [pattern for name in packages for pattern in (name, f"{name}.*")]


def test_every_travelling_package_says_that_it_is_typed() -> None:
    for name in TRAVELLING:
        assert (ROOT / name / "py.typed").is_file(), name


def test_every_folder_of_a_travelling_package_with_python_in_it_is_a_package() -> None:
    """One without `__init__.py` would stay behind."""
    for name in TRAVELLING:
        for path in (ROOT / name).rglob("*.py"):
            assert (path.parent / "__init__.py").is_file(), path
