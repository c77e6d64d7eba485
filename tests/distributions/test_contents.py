"""Wheels and sdists hold the files of their packages that git knows: each of them, and nothing else."""

import subprocess
import sys
import tarfile
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

from distributions import staging
from distributions.__main__ import build
from tests.distributions.checkout import copy_with_leftovers
from tests.house import TRAVELLING

DISTRIBUTIONS = {"fairlead": staging.FAIRLEAD, "fairlead_accounts": staging.ACCOUNTS}
STAYING = ("config/", "demo/", "bench/", "tests/", "templates/", "static/", "distributions/")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build(folder, root=copy_with_leftovers(tmp_path_factory.mktemp("checkout")))
    return folder


def wheel(made: Path, name: str) -> zipfile.ZipFile:
    (found,) = made.glob(f"{name}-*.whl")
    return zipfile.ZipFile(found)


def metadata(made: Path, name: str) -> Message:
    opened = wheel(made, name)
    (path,) = (each for each in opened.namelist() if each.endswith(".dist-info/METADATA"))
    return message_from_string(opened.read(path).decode("utf-8"))


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_wheel_holds_each_file_of_its_packages_and_nothing_else(made: Path, name: str) -> None:
    packed = {each for each in wheel(made, name).namelist() if ".dist-info/" not in each}
    assert packed == set(staging.travelling(DISTRIBUTIONS[name]))
    assert not [each for each in packed if each.startswith(STAYING)]


@pytest.mark.parametrize(
    ("name", "homes"),
    [("fairlead", {"fairlead/web", "oidc_login", "sdkclients", "userpools"}), ("fairlead_accounts", {"accounts"})],
)
def test_wheel_holds_the_catalogs_of_its_packages(made: Path, name: str, homes: set[str]) -> None:
    packed = {each for each in wheel(made, name).namelist() if "/locale/" in each}
    assert packed == {f"{home}/locale/de/LC_MESSAGES/django.{kind}" for home in homes for kind in ("po", "mo")}


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_sdist_holds_the_same_and_what_building_needs(made: Path, name: str) -> None:
    (found,) = made.glob(f"{name}-*.tar.gz")
    with tarfile.open(found) as opened:
        packed = {each.name.partition("/")[2] for each in opened.getmembers() if each.isfile()}
    ours = {each for each in packed if each.startswith(tuple(f"{each}/" for each in TRAVELLING))}
    assert ours == set(staging.travelling(DISTRIBUTIONS[name]))
    others = {each for each in packed - ours if ".egg-info/" not in each}
    needed = {"LICENSE", "PKG-INFO", "README.md", "pyproject.toml", "setup.cfg"}
    assert others == needed | ({"VERSION", "requirements.txt"} if name == "fairlead_accounts" else set())


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_metadata_is_complete(made: Path, name: str) -> None:
    told = metadata(made, name)
    assert told["Version"] == staging.version()
    assert told["License-Expression"] == "MIT"
    assert told["License-File"] == "LICENSE"
    assert told["Requires-Python"] == ">=3.11"
    assert told["Summary"]
    assert "Typing :: Typed" in told.get_all("Classifier", [])
    assert str(told.get_payload()).strip()


def test_accounts_needs_the_fairlead_it_was_made_with(made: Path) -> None:
    assert f"fairlead=={staging.version()}" in metadata(made, "fairlead_accounts").get_all("Requires-Dist", [])


def test_twine_finds_nothing_to_complain_about(made: Path) -> None:
    files = [str(each) for each in made.iterdir()]
    assert len(files) == 4
    done = subprocess.run(
        [sys.executable, "-m", "twine", "--no-color", "check", "--strict", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
