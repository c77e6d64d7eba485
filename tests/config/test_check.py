"""`manage.py check` of the service, with one thing missing at a time: it names the thing and the line to paste."""

import os
import subprocess
import sys

import pytest
from django.core import checks

from config import checks as ours
from config.mail import NOT_CONFIGURED
from tests.configure import configure
from tests.house import ROOT

NEEDED = {
    "APP_URL": "https://login.example.com",
    "SECRET_KEY": "".join(map(chr, range(48, 110))),
    "FAIRLEAD_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "METRICS_TOKEN": "a-token-of-the-scraper",
}


def manage_check(**told: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | {"ENV_FILE": os.devnull, "DATABASE_URL": "sqlite://:memory:", "METRICS": "on"} | told
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_service_with_what_it_needs_passes() -> None:
    done = manage_check(**NEEDED)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("missing", NEEDED)
def test_what_is_missing_is_named_with_the_line_to_paste(missing: str) -> None:
    done = manage_check(**{name: value for name, value in NEEDED.items() if name != missing})
    assert done.returncode == 1
    (line,) = (each for each in done.stderr.splitlines() if each.startswith("  * ") and missing in each)
    assert f"{missing}=" in line
    assert "Traceback" not in done.stderr
    assert not [value for value in NEEDED.values() if value in done.stderr]


def ids(found: list[checks.CheckMessage]) -> list[str | None]:
    return [each.id for each in found]


def test_deployment_without_mail_is_warned_of_unless_there_are_no_passwords(settings) -> None:
    assert ids(ours.mails_can_be_sent(None)) == []
    settings.EMAIL_BACKEND = NOT_CONFIGURED
    assert ids(ours.mails_can_be_sent(None)) == ["fairlead.W003"]
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    assert ids(ours.mails_can_be_sent(None)) == []


@pytest.mark.parametrize(
    ("origin", "proxies", "found"),
    [
        ("https://login.example.org", 0, ["fairlead.W004"]),
        ("https://login.example.org", 1, []),
        ("http://localhost:8000", 0, []),
    ],
)
def test_https_without_a_trusted_proxy_is_warned_of(settings, origin: str, proxies: int, found: list[str]) -> None:
    configure(settings, ORIGIN=origin, TRUSTED_PROXIES=proxies)
    assert ids(ours.somebody_ends_tls(None)) == found


@pytest.mark.django_db
def test_admin_bears_the_name_of_the_site(settings, admin_client) -> None:
    configure(settings, SITE_NAME="Example Shop")
    assert "Example Shop" in admin_client.get("/admin/").content.decode()
