"""A copy of the checkout in which files lie that must not travel."""

import subprocess
from pathlib import Path

from tests.fresh_clone import copy_to

STALE = (
    "build/lib/fairlead/ghost.py",
    "build/lib/accounts/ghost.py",
    "fairlead/__pycache__/ghost.cpython-311.pyc",
    "fairlead/web/static/fairlead/left.sqlite3",
    "oidc_login/templates/oidc_login/.env",
    "userpools/.env",
    "accounts/uploads/picture.webp",
)


def copy_with_leftovers(folder: Path) -> Path:
    """A fresh clone, in a repository of its own, with what older builds and runs leave behind."""
    copy_to(folder)
    for name in STALE:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    sources = folder / "fairlead.egg-info" / "SOURCES.txt"
    sources.parent.mkdir()
    sources.write_text("fairlead/ghost.py\nconfig/settings.py\n", encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder
