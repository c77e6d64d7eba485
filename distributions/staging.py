"""Copies what a distribution is made of into an empty folder."""

import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAIRLEAD = ("fairlead", "oidc_login", "userpools", "sdkclients")
ACCOUNTS = ("accounts",)


def version(root: Path = ROOT) -> str:
    """The version of both: it stands in the pyproject.toml at the root."""
    return str(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def fairlead(folder: Path, *, root: Path = ROOT) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(root / name, folder / name)
    _copy(FAIRLEAD, folder, root=root)


def accounts(folder: Path, *, root: Path = ROOT) -> None:
    """Its version, and with it the `fairlead` that it needs, are written into files that its pyproject.toml reads."""
    for path in (root / "distributions" / "accounts").iterdir():
        shutil.copy2(path, folder / path.name)
    shutil.copy2(root / "LICENSE", folder / "LICENSE")
    (folder / "VERSION").write_text(version(root), encoding="utf-8")
    requirements = (folder / "requirements.in").read_text(encoding="utf-8")
    (folder / "requirements.txt").write_text(f"fairlead=={version(root)}\n{requirements}", encoding="utf-8")
    _copy(ACCOUNTS, folder, root=root)


def travelling(packages: tuple[str, ...], *, root: Path = ROOT) -> Iterator[str]:
    """The files of these packages that git knows, or would take in: ignored ones stay behind."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *packages]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return (name for name in listed.split("\0") if name and (root / name).is_file())


def _copy(packages: tuple[str, ...], folder: Path, *, root: Path) -> None:
    for name in travelling(packages, root=root):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, folder / name)
