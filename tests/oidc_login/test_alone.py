"""`oidc_login` in a project without `accounts`: its tests run in a process of their own, with that project's settings."""

import os
import re
import subprocess
import sys

from tests.house import ROOT

AT_LEAST = 14


def test_every_door_of_a_project_without_accounts() -> None:
    options = [
        "--ds=tests.oidc_login.alone.settings",
        "--noconftest",
        "-p",
        "tests.oidc_login.conftest",
        "-p",
        "no:xdist",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "tests/oidc_login/alone/walk.py"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counted = re.search(r"(\d+) passed", done.stdout)
    assert counted, done.stdout
    assert int(counted[1]) >= AT_LEAST
