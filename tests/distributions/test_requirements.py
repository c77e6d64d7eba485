"""Ranges in pyproject.toml, exact versions in the requirements files, and nothing imported that neither names."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from distributions import hashes
from tests.house import PACKAGES, ROOT, sources

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
BASE = PROJECT["project"]["dependencies"]
ACCOUNTS = (ROOT / "distributions" / "accounts" / "requirements.in").read_text(encoding="utf-8").split("\n")
FILES = hashes.FILES
# The platforms that a developer or a server has; elsewhere gunicorn does not run.
ENVIRONMENTS = [
    {
        "python_version": version,
        "python_full_version": f"{version}.{patch}",
        "sys_platform": system,
        "platform_system": name,
    }
    for version, patch in (("3.11", 2), ("3.11", 7), ("3.12", 3), ("3.13", 5), ("3.14", 0))
    for system, name in (("linux", "Linux"), ("darwin", "Darwin"))
]
_LINE = re.compile(r"([A-Za-z0-9._-]+)==([\w.]+)(?: ; ([^-]+))?((?: +--hash=sha256:[0-9a-f]{64})+)")


def lines(file: str) -> list[str]:
    """Each requirement as one line, with its hashes."""
    return (ROOT / file).read_text(encoding="utf-8").replace(" \\\n", "").splitlines()


def pinned(file: str) -> dict[str, str]:
    """Name and version of what this file alone adds."""
    return {canonicalize_name(name): version for name, version, *_ in hashed(file)}


def hashed(file: str) -> list[tuple[str, str, Marker | None, list[str]]]:
    """Name, version, where it is needed (None: everywhere) and hashes of what this file alone adds."""
    found = (_LINE.fullmatch(each) for each in lines(file))
    return [
        (each[1], each[2], Marker(each[3]) if each[3] else None, re.findall(r"[0-9a-f]{64}", each[4]))
        for each in found
        if each
    ]


def ranges(wanted: Iterable[str]) -> Iterator[Requirement]:
    for each in filter(None, wanted):
        requirement = Requirement(each)
        if requirement.name == "fairlead":
            yield from ranges(BASE)
            for extra in requirement.extras:
                yield from ranges(EXTRAS[extra])
        else:
            yield requirement


def closure(wanted: Iterable[Requirement], environment: dict[str, str] | None = None) -> set[str]:
    """The names that installing these brings, by the metadata of what is installed. Default: here."""
    found: set[tuple[str, str]] = set()
    queue = [(each.name, extra) for each in wanted for extra in ("", *each.extras)]
    while queue:
        name, extra = queue.pop()
        if (canonicalize_name(name), extra) in found:
            continue
        found.add((canonicalize_name(name), extra))
        for needed in map(Requirement, _requires(name)):
            if needed.marker is None or needed.marker.evaluate((environment or {}) | {"extra": extra}):
                queue += [(needed.name, each) for each in ("", *needed.extras)]
    return {name for name, _ in found}


def _requires(name: str) -> Iterable[str]:
    """Nothing where it is not installed: what only another platform needs."""
    try:
        return metadata.requires(name) or ()
    except metadata.PackageNotFoundError:
        return ()


SITE = list(ranges(["fairlead[site]"]))
DEMO = list(ranges(PROJECT["dependency-groups"]["demo"]))
DEV = list(ranges(PROJECT["dependency-groups"]["dev"]))


@pytest.mark.parametrize("file", FILES)
def test_every_line_names_one_exact_version_and_the_order_is_plain(file: str) -> None:
    named = [each for each in lines(file) if not each.startswith("-r ")]
    assert len(named) == len(pinned(file))


@pytest.mark.parametrize("file", FILES)
def test_each_file_of_a_version_is_named_once_and_in_order(file: str) -> None:
    for name, _, _, digests in hashed(file):
        assert digests == sorted(set(digests)), name


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda each: " ".join(each.values()))
def test_nothing_that_is_needed_elsewhere_is_without_a_hash(environment: dict[str, str]) -> None:
    """With hashes pip installs nothing that is not named: a dependency of one platform alone would stop it there."""
    named: set[str] = set()
    for file, wanted in zip(FILES, (SITE, DEMO, DEV), strict=True):
        named |= {
            canonicalize_name(name) for name, _, where, _ in hashed(file) if not where or where.evaluate(environment)
        }
        assert closure(wanted, environment) <= named


def test_the_hashes_are_those_of_the_files_of_the_pinned_version() -> None:
    offered = {
        "Some.Thing": [
            ("some_thing-1.2-py3-none-any.whl", "b" * 64),
            ("some_thing-1.2.tar.gz", "a" * 64),
            ("some_thing-1.20.tar.gz", "c" * 64),
            ("some_thing_else-1.2.tar.gz", "d" * 64),
            ("some_thing-1.2.exe", "e" * 64),
        ]
    }
    wanted = "-r others.txt\nSome.Thing==1.2 ; python_version < '3.12'"
    first = hashes.written(f"{wanted}\n", offered.__getitem__)
    assert first == f"{wanted} \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
    assert hashes.written(first, offered.__getitem__) == first
    with pytest.raises(LookupError, match=r"Some\.Thing==1\.3"):
        hashes.written(first.replace("==1.2", "==1.3"), offered.__getitem__)


def test_pip_refuses_another_file_of_a_pinned_version(tmp_path: Path) -> None:
    (line,) = [each for each in lines(FILES[0]) if each.startswith("asgiref==")]
    (tmp_path / "pinned.txt").write_text(line, encoding="utf-8")
    version = pinned(FILES[0])["asgiref"]
    (tmp_path / f"asgiref-{version}-py3-none-any.whl").write_bytes(b"not the file that was hashed")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--no-index",
         "--require-hashes", "--find-links", str(tmp_path), "--requirement", str(tmp_path / "pinned.txt")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_each_file_stands_on_the_one_before_and_names_nothing_twice() -> None:
    assert [[each for each in lines(file) if each.startswith("-r ")] for file in FILES] == [
        [],
        ["-r requirements.txt"],
        ["-r requirements-demo.txt"],
    ]
    named = [name for file in FILES for name in pinned(file)]
    assert len(named) == len(set(named))


def test_what_is_pinned_is_what_is_needed() -> None:
    site, demo, dev = (set().union(*(closure(each, there) for there in ENVIRONMENTS)) for each in (SITE, DEMO, DEV))
    assert set(pinned(FILES[0])) == site
    assert set(pinned(FILES[1])) == demo - site
    assert set(pinned(FILES[2])) == dev - site - demo


def test_pinned_versions_lie_in_the_ranges_and_are_installed() -> None:
    versions = {name: version for file in FILES for name, version in pinned(file).items()}
    for each in (*SITE, *DEMO, *DEV):
        assert each.specifier.contains(versions[canonicalize_name(each.name)]), each
    here = {
        canonicalize_name(name) for file in FILES for name, _, where, _ in hashed(file) if not where or where.evaluate()
    }
    assert len(here) > 100
    assert {name: metadata.version(name) for name in here} == {name: versions[name] for name in here}


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
