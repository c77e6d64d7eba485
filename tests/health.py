"""What the tests of `manage.py doctor` share: a world in which all is well, and one area looked at in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import environment, services
from fairlead.web.health import examinations
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, Verdict
from tests.configure import configure
from tests.mail_server import MailServer

GOOD = {
    "APP_URL": "https://login.example.org",
    "TRUSTED_PROXIES": "1",
    "SECRET_KEY": "tests-only-qpwoeiruty-alskdjfhg-zmxncbv-1029384756-abcdefgh",
    "FAIRLEAD_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "EMAIL_URL": "smtp+tls://user:a-mail-password@mail.example.org:587",
    "OIDC_CLIENT_SECRET": "the-clients-secret",
    "METRICS_TOKEN": "the-scrapers-token",
    "DATABASE_URL": "postgres://fairlead:a-database-password@db.example.org/fairlead",
    "CACHE_URL": "redis://:a-cache-password@cache.example.org:6379/0",
    "UPLOADS_URL": "s3://an-access-key:a-bucket-secret@bucket?region=eu-central-1",
    "SECRET_KEY_FALLBACKS": "older-tests-only-qpwoeiruty-alskdjfhg-zmxncbv-102938475",
    "OUTBOUND_PROXY": "http://user:a-proxy-password@proxy.example.org:3128",
}


@dataclass
class World:
    """An installation in production where all is well. A test changes one thing in it."""

    settings: Any
    monkeypatch: Any
    folder: Path
    mail_server: MailServer

    def configure(self, **values: Any) -> None:
        configure(self.settings, **values)

    def write(self, text: str = "", **process: str) -> None:
        """The environment: `.env` with these lines, and these variables of the process; all others are good."""
        file = self.folder / ".env"
        file.write_text(text, encoding="utf-8")
        for name in {*GOOD, "FAIRLEAD_ENV", "DATABASE_SECONDS", "LOG_FORMAT"}:
            self.monkeypatch.delenv(name, raising=False)
        in_file = {line.partition("=")[0] for line in text.splitlines()}
        given = {name: value for name, value in GOOD.items() if name not in in_file} | process
        for name, value in {**given, "ENV_FILE": str(file)}.items():
            self.monkeypatch.setenv(name, value)
        found = environment.read(dotenv=file)
        self.settings.ENVIRONMENT = found
        places = {key: (name, found.sources.get(name, "default")) for key, name in services.VARIABLES.items()}
        self.configure(SOURCES=found.fairlead()["SOURCES"] | places)


def look(area: str, asked: Asked = Asked(offline=True)) -> list[Finding]:  # noqa: B008 - frozen
    """The findings of one area, as the command prints them."""
    (examination,) = [each for each in examinations.registry if each.area == area]
    return list(examinations._looked(examination, asked))


def faults(findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.verdict in {Verdict.WARNING, Verdict.PROBLEM}]


def told(finding: Finding) -> str:
    return " ".join((finding.what, finding.text, finding.why, finding.remedy))
