"""`manage.py doctor`: what it prints, how it ends, and what it never shows."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from config.variables import RENAMED, Environment
from fairlead import named_settings
from fairlead.conf import known
from fairlead.web.health import at_start, examinations, hidden, report
from fairlead.web.health.examinations import Asked, Examination
from fairlead.web.health.findings import Finding, Verdict, good, note, problem, warning
from tests import health
from tests.health import World
from tests.house import ROOT
from tests.registries import only

FINE = good("Something", "It is well.")
WARNED = warning("Something", "It is odd.", "Change it.", why="It may break.")
BROKEN = problem("Something", "It is broken.", "Mend it.")


def examination(look: Callable[[Asked], Any], area: str = "first", **more: Any) -> Examination:
    return Examination(area=area, title=area.title(), look=look, rank=more.pop("rank", 1), **more)


def only_finding(monkeypatch: Any, *findings: Finding) -> None:
    only(monkeypatch, examinations.registry, examination(lambda asked: findings))


def doctor(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", *arguments, stdout=out, no_color=True)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.parametrize(
    ("findings", "status", "last"),
    [
        ((FINE,), 0, "Well: 1 finding."),
        ((FINE, note("A", "b")), 0, "Well: 2 findings."),
        ((FINE, WARNED), 1, "0 problems, 1 warning."),
        ((BROKEN, WARNED, BROKEN), 2, "2 problems, 1 warning."),
    ],
)
def test_how_it_ends(monkeypatch: Any, findings: tuple[Finding, ...], status: int, last: str) -> None:
    only_finding(monkeypatch, *findings)
    ended, printed = doctor()
    assert (ended, printed.splitlines()[-1]) == (status, last)


def test_a_finding_is_printed_with_why_and_what_to_do(monkeypatch: Any) -> None:
    only_finding(monkeypatch, WARNED)
    assert doctor()[1].splitlines()[:4] == [
        "First",
        "  warning Something: It is odd.",
        "          Why: It may break.",
        "          Do: Change it.",
    ]


def test_the_json_has_these_names(monkeypatch: Any) -> None:
    only_finding(monkeypatch, FINE, WARNED)
    status, printed = doctor("--json")
    found = json.loads(printed)
    assert status == 1
    assert found["verdict"] == "warning"
    assert found["counts"] == {"ok": 1, "note": 0, "warning": 1, "problem": 0}
    assert found["findings"][1] == {
        "area": "first",
        "what": "Something",
        "verdict": "warning",
        "text": "It is odd.",
        "why": "It may break.",
        "remedy": "Change it.",
    }


def test_an_examination_that_breaks_is_a_finding_and_the_next_goes_on(monkeypatch: Any) -> None:
    def broken(asked: Asked) -> Iterator[Finding]:
        yield FINE
        raise RuntimeError("no such thing")

    both = (examination(broken), examination(lambda asked: [FINE], "second", rank=2))
    only(monkeypatch, examinations.registry, *both)
    found = examinations.run(Asked())
    assert [(each.area, each.verdict) for each in found] == [
        ("first", Verdict.OK),
        ("first", Verdict.PROBLEM),
        ("second", Verdict.OK),
    ]
    assert "RuntimeError: no such thing" in found[1].text


def test_what_needs_something_broken_is_not_looked_at(monkeypatch: Any) -> None:
    def never(asked: Asked) -> Iterator[Finding]:
        raise AssertionError

    found_broken = examination(lambda asked: [BROKEN])
    only(monkeypatch, examinations.registry, found_broken, examination(never, "second", rank=2, needs="first"))
    assert [each.verdict for each in examinations.run(Asked())] == [Verdict.PROBLEM, Verdict.NOTE]


def test_settings_that_cannot_be_read_are_told_once(world: World) -> None:
    world.configure(ORIGN="https://login.example.org")
    status, printed = doctor("--offline")
    assert status == 2
    assert printed.count('FAIRLEAD["ORIGN"] is no setting of Fairlead') == 1
    assert "1 problem," in printed, printed
    assert "Not looked at: checks has a problem." in " ".join(printed.split())


@pytest.mark.parametrize(
    ("asked", "looked_at"),
    [
        (Asked(), ["inside", "outside", "providers"]),
        (Asked(offline=True), ["inside", "providers"]),
        (Asked(provider="default"), ["providers"]),
        (Asked(pool="x"), []),
    ],
)
def test_what_is_looked_at(monkeypatch: Any, asked: Asked, looked_at: list[str]) -> None:
    seen: list[str] = []

    def look(area: str) -> Callable[[Asked], list[Finding]]:
        return lambda asked: seen.append(area) or []

    only(
        monkeypatch,
        examinations.registry,
        examination(look("providers"), "providers", rank=3, about="provider"),
        examination(look("outside"), "outside", rank=2, outside=True),
        examination(look("inside"), "inside", rank=1),
    )
    assert examinations.run(asked) == []
    assert seen == looked_at


def test_no_secret_of_the_settings_is_shown(world: World, monkeypatch: Any) -> None:
    """Whatever a finding repeats: it goes through one place, which knows them all."""
    world.settings.EMAIL_HOST_PASSWORD = "a-mail-password"
    world.settings.CACHES = {"default": {"BACKEND": "x", "LOCATION": "redis://:a-cache-password@cache.example.org"}}
    world.settings.DATABASES["default"]["PASSWORD"] = "a-database-password"
    monkeypatch.setitem(world.settings.STORAGES["default"], "OPTIONS", {"secret_key": "a-bucket-secret"})
    world.configure(OIDC_CLIENT_SECRET="the-clients-secret", OUTBOUND_PROXY="http://u:a-proxy-password@proxy.example")
    secrets = {
        *(health.GOOD[name] for name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "METRICS_TOKEN", "OIDC_CLIENT_SECRET")),
        *("a-mail-password", "a-cache-password", "a-database-password", "a-bucket-secret", "a-proxy-password"),
        *django_settings.FAIRLEAD["ENCRYPTION_KEYS"],
    }
    for secret in secrets:
        only_finding(monkeypatch, warning(secret, f"x{secret}x", f"Not {secret}", why=secret))
        for printed in (doctor()[1], doctor("--json")[1]):
            assert secret not in printed
            assert "***" in printed


SECRET = {each.name.upper() for each in fields(Environment) if each.metadata and each.metadata["secret"]}


def test_what_is_secret_in_the_environment_is_secret_in_the_settings_of_that_name() -> None:
    keys = {key for key, _, _ in known() if RENAMED.get(key, key) in SECRET}
    assert keys == named_settings.SECRET


def test_every_secret_variable_is_kept_out_of_the_real_report(world: World) -> None:
    assert set(health.GOOD) >= SECRET
    printed = doctor("--offline")[1] + doctor("--offline", "--json")[1]
    assert "(a secret)" in printed
    for name in health.GOOD:
        if name not in {"APP_URL", "TRUSTED_PROXIES"}:
            assert health.GOOD[name] not in printed, name
    assert "a-database-password" not in printed


def test_short_secrets_do_not_black_out_words(settings: Any) -> None:
    settings.EMAIL_HOST_PASSWORD = "in"
    assert hidden.without_secrets("in the beginning") == "in the beginning"


def test_a_healthy_installation_prints_no_warning(world: World) -> None:
    status, printed = doctor("--offline")
    assert status == 0, printed
    assert "warning" not in printed
    assert "problem" not in printed


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_settings_that_cannot_be_read_are_one_problem(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / ".env").write_text("APP_URL=${HOST}\nTRUSTED_PROXIES=many\n")
    ended = subprocess.run(
        [sys.executable, "manage.py", "doctor", *arguments],
        cwd=ROOT,
        env={"ENV_FILE": str(tmp_path / ".env"), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    told = json.loads(ended.stdout)["findings"][0]["text"] if arguments else ended.stdout
    assert "APP_URL (.env) has to be" in told
    assert "placeholder that nobody replaced" in told
    assert "TRUSTED_PROXIES (.env) has to be a whole number" in told


def test_a_start_says_one_line_where_something_is_wrong(monkeypatch: Any, caplog: Any) -> None:
    only_finding(monkeypatch, WARNED, FINE, BROKEN)
    at_start.tell()
    (line,) = caplog.records
    assert (line.levelname, line.problems, line.warnings) == ("ERROR", 1, 1)
    assert line.first == "first, Something: It is broken."
    assert "manage.py doctor" in line.message


def test_a_start_says_nothing_where_all_is_well(monkeypatch: Any, caplog: Any) -> None:
    only_finding(monkeypatch, FINE, note("A", "b"))
    at_start.begin().join()
    assert caplog.records == []


def test_every_verdict_has_its_exit_status() -> None:
    statuses = [report.exit_status([Finding(what="a", verdict=each, text="b")]) for each in Verdict]
    assert statuses == [0, 0, 1, 2]
