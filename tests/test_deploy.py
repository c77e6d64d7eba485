"""What lies in deploy/ is well-formed, and every command, file and variable that it names exists."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet
from django.core.management import get_commands

from accounts import authentication
from config import environment
from config.startup import refuse_unsafe_production
from config.variables import Environment
from fairlead.orgs import api_keys
from sdkclients import clients
from tests.hosts.page import block
from tests.house import ROOT
from userpools import app_users

DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SERVER = {"BIND", "WEB_CONCURRENCY", "THREADS", "DRAIN_SECONDS", "ENV_FILE"}
VARIABLES = {name.upper() for name in Environment.__dataclass_fields__} | SERVER
# Names of the images' own variables, and Python's.
FOREIGN = {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD_FILE", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
FOREIGN |= {"PATH", "HOME"}


def lines(path: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)


def known(name: str) -> bool:
    return name.removesuffix("_FILE") in VARIABLES or name in VARIABLES | FOREIGN


def commands(text: str) -> list[list[str]]:
    """Each `manage.py name`, and each `gunicorn module`, as a shell or a list has it."""
    bare = re.sub(r"[\"\[\],]", " ", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    found = re.findall(r"(?:python +|bin/python +)manage\.py +[a-z_]+|gunicorn +[a-z_]+\.[a-z_]+", bare)
    return [each.replace("bin/python", "").replace("python", "").split() for each in found]


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """As they are, but for the paths of a machine where Fairlead is installed."""
    assert len(UNITS) >= 5
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        (tmp_path / unit.name).write_text(re.sub(r"/srv/fairlead/\.venv/bin/\w+", str(program), text))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "SYSTEMD_LOG_LEVEL": "warning"},
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "fairlead" in line]
    assert (done.returncode, said) == (0, []), done.stderr


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_every_command_and_variable_that_is_named_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for program, name in commands(text):
        if program == "manage.py":
            assert name in get_commands(), name
        else:
            assert find_spec(name), name
    named = re.findall(r"^(?:Environment=|ENV |\s+)?([A-Z][A-Z_]+)(?:=|: )", text, re.MULTILINE)
    assert [name for name in named if not known(name)] == []
    mentioned = re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)=", text)
    assert [name for name in mentioned if not known(name)] == []


def test_each_job_has_its_timer_and_what_the_server_needs() -> None:
    for job in ("fairlead-clear-expired", "fairlead-send-mails"):
        assert lines(DEPLOY / f"{job}.timer", "WantedBy") == ["timers.target"]
        assert lines(DEPLOY / f"{job}.service", "Type") == ["oneshot"]
    for service in DEPLOY.glob("*.service"):
        assert lines(service, "EnvironmentFile") == ["/etc/fairlead/environment"]
        assert lines(service, "User") == ["fairlead"]
        assert lines(service, "NoNewPrivileges") == ["yes"]
    # What gunicorn grants those who are being answered, systemd grants gunicorn.
    config: dict[str, object] = {"__file__": "gunicorn.conf.py"}
    exec((ROOT / "gunicorn.conf.py").read_text(encoding="utf-8"), config)
    (stop,) = lines(DEPLOY / "fairlead.service", "TimeoutStopSec")
    assert int(stop) > int(str(config["graceful_timeout"]))


def test_the_page_installs_the_units_that_are_there() -> None:
    text = block("docs/deploy.md", "daemon-reload")
    started = set(re.findall(r"fairlead(?:-[a-z-]+)?(?:\.timer)?(?=[ \n])", text))
    assert started == {"fairlead", "fairlead-migrate", "fairlead-clear-expired.timer", "fairlead-send-mails.timer"}
    assert {each if "." in each else f"{each}.service" for each in started} <= {unit.name for unit in UNITS}


def test_the_environment_of_the_page_is_one_that_the_service_starts_with(monkeypatch: pytest.MonkeyPatch) -> None:
    given = dict(line.split("=", 1) for line in block("docs/deploy.md", "TRUSTED_PROXIES=1").splitlines())
    given |= {"SECRET_KEY": "k" * 20 + "0123456789" * 5, "FAIRLEAD_ENCRYPTION_KEYS": Fernet.generate_key().decode()}
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in {**given, "ENV_FILE": "/dev/null"}.items():
        assert known(name), name
        monkeypatch.setenv(name, value)
    read = environment.read()
    refuse_unsafe_production(read)
    assert (read.app_url, read.trusted_proxies) == ("https://login.example.org", 1)


def test_the_page_tells_how_soon_a_revocation_counts() -> None:
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \|$", (ROOT / "docs" / "operations.md").read_text("utf-8"), re.MULTILINE)
    assert [(what.split()[1], int(seconds)) for what, seconds in rows] == [
        ("person", authentication.SECONDS),
        ("application's", app_users.LIFETIME),
        ("API", api_keys.LIFETIME),
        ("pool", clients.LIFETIME),
    ]


def test_the_composition_bakes_no_secret_in() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 45
    services = yaml.safe_load(text)["services"]
    for service in services.values():
        for name, value in (service.get("environment") or {}).items():
            assert not re.search("KEY|PASSWORD|SECRET|DATABASE_URL|EMAIL_URL", name) or name.endswith("_FILE"), name
            assert known(name), name
            assert "password" not in str(value).lower() or name.endswith("_FILE"), name
    secrets = yaml.safe_load(text)["secrets"]
    assert {name for service in services.values() for name in service.get("secrets", [])} == set(secrets)


def test_the_image_runs_as_nobody_in_particular_and_holds_no_secret() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    instructions = [line.split(maxsplit=1) for line in text.splitlines() if re.match(r"[A-Z]+ ", line)]
    users = [given for what, given in instructions if what == "USER"]
    assert users
    assert users[-1] not in {"root", "0"}
    assert not re.search(r"(?i)(SECRET_KEY|ENCRYPTION_KEYS|PASSWORD|TOKEN)=", text)
    copied = {name for what, given in instructions if what == "COPY" for name in given.split()[:-1] if name[0] != "-"}
    assert [name for name in copied if not (ROOT / name).exists()] == []
    # Everything that the service is made of, and nothing by a dot that would take .env or var/ along.
    assert "." not in copied
    assert {"config", "fairlead", "accounts", "oidc_login", "userpools", "sdkclients", "templates", "static"} <= copied
    assert "--require-hashes" in text
