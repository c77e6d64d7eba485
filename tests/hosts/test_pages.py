"""Every command and snippet of the pages below is run: here, or by the test that the table names."""

import ast
import subprocess
from dataclasses import dataclass

import pytest

from tests.hosts import page
from tests.hosts.environment import Environment
from tests.hosts.wheels import Wheels
from tests.house import ROOT

PAGES = (
    "README.md",
    "docs/install.md",
    "docs/user-pools.md",
    "docs/deploy.md",
    "docs/operations.md",
    "docs/administration.md",
)


@dataclass(frozen=True)
class Run:
    """In `file`, where `by` stands: mostly what the block is cut out of the page by."""

    file: str
    by: str


@dataclass(frozen=True)
class Left:
    """Not run, because."""

    because: str


THREE_CALLS = Run("tests/live/test_make_run.py", 'pasted("An organization\'s users, in three calls"')
TENANTS = "tests/hosts/test_tenants.py"
PEOPLE = "tests/hosts/test_people.py"
EVERYTHING = "tests/hosts/test_everything.py"
OPERATIONS = "tests/live/test_operations.py"

# Page, and what the block holds that no other block of the page does.
TABLE: dict[tuple[str, str], Run | Left] = {
    ("README.md", "make run     #"): Run(".ci/run", "setsid make run"),
    ("README.md", 'OIDC_PROVIDER_NAME="Pocket ID"'): Run(
        "tests/live/test_make_run.py", 'OIDC_PROVIDER_NAME="Pocket ID"'
    ),
    ("README.md", "tee var/pool.json"): THREE_CALLS,
    ("README.md", "tee var/client.json"): THREE_CALLS,
    ("README.md", "demo.token person@example.org"): THREE_CALLS,
    ("README.md", '"explain": true'): THREE_CALLS,
    ("README.md", "GET  /api/auth/oidc/config"): Left(
        "no command: a list of calls, each of which the flows' tests make"
    ),
    ("README.md", "gunicorn config.wsgi"): Left(
        "installs, asks for a password and serves on a machine with TLS, PostgreSQL, Redis and a mail server in front; "
        "tests/config/test_environment.py, tests/servers.py and `make lint` run its parts"
    ),
    ("README.md", "config/        this"): Left("no command: the map of the code"),
    ("docs/install.md", "pip install fairlead "): Run("tests/hosts/test_pages.py", '"pip install fairlead "'),
    ("docs/install.md", '"oidc_login.middleware.ProviderSessionMiddleware"'): Run(
        PEOPLE, "'\"oidc_login.middleware.ProviderSessionMiddleware\"'"
    ),
    ("docs/install.md", "class People("): Run(PEOPLE, '"class People("'),
    ("docs/install.md", 'path("", include("oidc_login.urls"))'): Run(
        PEOPLE, '\'path("", include("oidc_login.urls"))\''
    ),
    ("docs/install.md", 'AUTH_USER_MODEL = "accounts.User"'): Run(EVERYTHING, "'AUTH_USER_MODEL = \"accounts.User\"'"),
    ("docs/install.md", 'include("accounts.urls")'): Run(EVERYTHING, "'include(\"accounts.urls\")'"),
    ("docs/user-pools.md", "Authorization: Bearer <ID token>"): Left("no command: the two headers of a call"),
    ("docs/user-pools.md", "ECAlgorithm"): Run("tests/userpools/test_docs.py", '"ECAlgorithm"'),
    ("docs/user-pools.md", "org/appUserIdToken"): Run(TENANTS, '"org/appUserIdToken"'),
    ("docs/user-pools.md", "auth_request /_fairlead"): Run("tests/live/test_forward_auth.py", '"auth_request"'),
    # Traefik itself is on no test machine: what its example takes away is compared with all spellings.
    ("docs/user-pools.md", "forwardAuth"): Run("tests/live/test_forward_auth.py", '"forwardAuth"'),
    ("docs/user-pools.md", "forward_auth"): Run("tests/live/test_forward_auth.py", '"forward_auth"'),
    ("docs/deploy.md", "useradd --system"): Left(
        "makes a user of the machine; its installation is that of the Makefile, which every test stands on"
    ),
    ("docs/deploy.md", "TRUSTED_PROXIES=1"): Run("tests/test_deploy.py", '"TRUSTED_PROXIES=1"'),
    ("docs/deploy.md", "daemon-reload"): Run("tests/test_deploy.py", '"daemon-reload"'),
    ("docs/deploy.md", "systemd-run --pty"): Left("needs a running systemd; tests/test_deploy.py finds its command"),
    ("docs/operations.md", "$SERVER/livez"): Run(OPERATIONS, '"/readyz"'),
    ("docs/operations.md", "manage.py doctor"): Run("tests/web/test_doctor.py", 'call_command("doctor", *arguments'),
    ("docs/operations.md", "scrape_configs"): Left(
        "no command: what Prometheus reads; tests/test_operations_page.py compares the names that it then gets"
    ),
    ("docs/operations.md", "check --deploy"): Run(OPERATIONS, '"check --deploy"'),
    ("docs/operations.md", "pg_dump"): Run(OPERATIONS, '"pg_dump"'),
    ("docs/operations.md", "pg_restore"): Run(OPERATIONS, '"pg_restore"'),
    ("docs/operations.md", "VACUUM INTO"): Run(OPERATIONS, '"VACUUM INTO"'),
    ("docs/operations.md", "manage.py reencrypt"): Run(OPERATIONS, '"manage.py reencrypt"'),
    ("docs/user-pools.md", '"userpools",\n'): Run(TENANTS, "'\"userpools\",\\n'"),
    ("docs/user-pools.md", 'include("userpools.urls")'): Run(TENANTS, "'include(\"userpools.urls\")'"),
    ("docs/user-pools.md", "manage.py create_organization"): Run(TENANTS, '"manage.py create_organization"'),
    ("docs/user-pools.md", "class ShopUsers("): Run(TENANTS, '"class ShopUsers(AppUserAuthentication)"'),
}


def test_each_block_of_the_pages_stands_in_the_table_once() -> None:
    found: list[str] = []
    for each in (block for path in PAGES for block in page.blocks(path)):
        rows = [row for row in TABLE if row[0] == each.page and row[1] in each.text]
        assert len(rows) == 1, f"{each} stands {len(rows)} times in the table"
        found.append(str(rows[0]))
    assert sorted(found) == sorted(str(row) for row in TABLE)


@pytest.mark.parametrize("row", [row for row, run in TABLE.items() if isinstance(run, Run)], ids=str)
def test_the_test_that_the_table_names_cuts_the_block_out_of_the_page(row: tuple[str, str]) -> None:
    run = TABLE[row]
    assert isinstance(run, Run)
    assert run.by in (ROOT / run.file).read_text(encoding="utf-8")
    if run.by[0] in "\"'" and "test_make_run" not in run.file:
        # A text that the test looks for: this block has it, and no other.
        assert row[1] in page.block(row[0], ast.literal_eval(run.by))


def test_what_is_left_out_says_why() -> None:
    for run in TABLE.values():
        assert not isinstance(run, Left) or len(run.because) > 20


@pytest.mark.hosts
def test_the_lines_that_install_are_good_for_the_wheels(built: Wheels) -> None:
    environment = Environment(built, extras=["oidc"], accounts=True).prepare()
    # Nothing is fetched: the index may know another project of that name until ours is there.
    own = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(built.fairlead.parent), "PIP_NO_DEPS": "1", "PIP_DRY_RUN": "1"}
    done = subprocess.run(
        ["bash", "-e", "-c", page.block("docs/install.md", "pip install fairlead ")],
        env=environment.variables | own | {"PIP_FORCE_REINSTALL": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert said.count("Would install") == 3, said
    assert "does not provide the extra" not in said
