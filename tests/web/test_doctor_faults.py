"""Faults planted one at a time: what `manage.py doctor` says names the setting to change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.core import checks
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts.models import SignInPolicy, User
from config.mail import NOT_CONFIGURED
from fairlead.web.health import database, stored_secrets
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Verdict
from fairlead.web.models import FinishedJob, OutgoingMail
from oidc_login.models import Provider
from tests import health
from tests.health import World
from tests.ports import free_port

WARNING, PROBLEM = Verdict.WARNING, Verdict.PROBLEM
ONLINE, OFFLINE = Asked(), Asked(offline=True)


@dataclass(frozen=True)
class Fault:
    name: str
    area: str
    plant: Callable[[World], object]
    verdict: Verdict
    says: tuple[str, ...]
    asked: Asked = OFFLINE


def mail(*, created: timedelta = timedelta(0), **values: object) -> OutgoingMail:
    now = timezone.now()
    given = {"kind": "reset_password", "created_at": now - created, "give_up_at": now + timedelta(hours=1), **values}
    return OutgoingMail.objects.create(**given)


def with_another_key(world: World) -> None:
    Provider.objects.create(slug="first", name="First", issuer="https://a.example", client_id="c", client_secret="s")
    world.configure(ENCRYPTION_KEYS=(Fernet.generate_key().decode(),))


def without_chief(world: World) -> None:
    User.objects.all().delete()


def suspended_chief(world: World) -> None:
    User.objects.update(status="suspended", is_active=False)
    world.configure(ADMIN_EMAIL="chief@example.org")


def mail_server(**answers: str) -> Callable[[World], object]:
    return lambda world: world.mail_server.answers.update(answers)


def mailer(**values: object) -> Callable[[World], object]:
    return lambda world: [setattr(world.settings, name, value) for name, value in values.items()]


def both(*plants: Callable[[World], object]) -> Callable[[World], object]:
    return lambda world: [plant(world) for plant in plants]


SIGN_IN = mailer(EMAIL_HOST_USER="user", EMAIL_HOST_PASSWORD="a-mail-password")
FAULTS = (
    Fault("a placeholder", "settings", lambda w: w.write("OIDC_CLIENT_ID=${CLIENT}"), PROBLEM,
          ("OIDC_CLIENT_ID=${CLIENT} (.env)", "placeholder")),
    Fault("a placeholder in a secret", "settings", lambda w: w.write(OIDC_CLIENT_SECRET="${SECRET}"), PROBLEM,
          ("OIDC_CLIENT_SECRET (environment)", "placeholder")),
    Fault("a placeholder of another shell", "settings", lambda w: w.write("OIDC_CLIENT_ID=%CLIENT%"), PROBLEM,
          ("OIDC_CLIENT_ID=%CLIENT% (.env)",)),
    Fault("a misspelt name", "settings", lambda w: w.write("TRUSTED_PROXYS=1"), WARNING,
          ("TRUSTED_PROXYS (.env)", "TRUSTED_PROXIES?")),
    Fault("a misspelt name of the process", "settings", lambda w: w.write(OIDC_ISUER_URL="https://a.example"), WARNING,
          ("OIDC_ISUER_URL (environment)", "OIDC_ISSUER_URL?")),
    Fault("a name of ours that there is not", "settings", lambda w: w.write("OIDC_AUDIENCE=x"), WARNING,
          ("OIDC_AUDIENCE (.env)", "docs/settings.md")),
    Fault("a file for what is no secret", "settings", lambda w: w.write("APP_URL_FILE=/run/url"), WARNING,
          ("APP_URL_FILE (.env)", "Set APP_URL itself")),
    Fault("no https", "checks", lambda w: w.configure(ORIGIN="http://login.example.org"), WARNING,
          ("APP_URL is not https", "TRUSTED_PROXIES")),
    Fault("no proxy", "checks", lambda w: w.configure(TRUSTED_PROXIES=0), WARNING, ("TRUSTED_PROXIES=1",)),
    Fault("half a provider", "checks", lambda w: w.configure(OIDC_ISSUER_URL="https://a.example"), PROBLEM,
          ("OIDC_CLIENT_ID is not set",)),
    Fault("no mail at all", "checks", mailer(EMAIL_BACKEND=NOT_CONFIGURED), WARNING, ("EMAIL_URL",)),
    Fault("a wrong first administrator", "checks", lambda w: w.configure(ADMIN_EMAIL="nobody"), PROBLEM,
          ("FAIRLEAD_ADMIN_EMAIL",)),
    Fault("a migration missing", "database",
          lambda w: MigrationRecorder(connection).record_unapplied("accounts", "0001_initial"), PROBLEM,
          ("accounts.0001_initial", "manage.py migrate")),
    Fault("a lost key", "secrets", with_another_key, PROBLEM,
          ("oidc_login.Provider.client_secret", "FAIRLEAD_ENCRYPTION_KEYS (environment)")),
    Fault("a cache that forgets", "cache",
          lambda w: setattr(w.settings, "CACHES", {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}),
          WARNING, ("does not keep", "CACHE_URL (environment)")),
    Fault("a cache that is away", "cache",
          lambda w: setattr(w.settings, "CACHES", {"default": {
              "BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"redis://:pw@127.0.0.1:{free_port()}"}}),
          PROBLEM, ("does not answer", "CACHE_URL (environment)")),
    Fault("a sender that is none", "mail", mailer(DEFAULT_FROM_EMAIL="Fairlead"), PROBLEM,
          ("DEFAULT_FROM_EMAIL (default)",)),
    Fault("nobody at the mail port", "mail", lambda w: setattr(w.settings, "EMAIL_PORT", free_port()), PROBLEM,
          ("nobody listens there", "EMAIL_URL (environment)"), ONLINE),
    Fault("an unknown mail host", "mail", mailer(EMAIL_HOST="mail.invalid"), PROBLEM,
          ("mail.invalid:", "no such name", "EMAIL_URL (environment)"), ONLINE),
    Fault("a wrong mail password", "mail", both(SIGN_IN, mail_server(AUTH="535 no")), PROBLEM,
          ("refuses our user or password (535)", "EMAIL_URL (environment)"), ONLINE),
    Fault("no STARTTLS", "mail", mailer(EMAIL_USE_TLS=True), PROBLEM, ("no STARTTLS", "smtp+ssl://"), ONLINE),
    Fault("TLS where there is none", "mail", mailer(EMAIL_USE_SSL=True), PROBLEM,
          ("does not speak TLS from the start", "EMAIL_URL (environment)"), ONLINE),
    Fault("a password in clear", "mail", SIGN_IN, WARNING, ("readable", "smtp+tls://"), ONLINE),
    Fault("a mail server that is full", "mail", mail_server(GREETING="421 later"), PROBLEM, ("421",), ONLINE),
    Fault("a recipient that is refused", "mail", mail_server(RCPT="550 no"), PROBLEM, ("A mail",),
          Asked(mail_to="a@example.org")),
    Fault("mails that wait", "outbox", lambda w: mail(created=timedelta(minutes=30), cause="SMTPServerDisconnected"),
          WARNING, ("1 wait, the oldest for 30 minutes", "SMTPServerDisconnected", "send_mails", "EMAIL_URL")),
    Fault("mails given up", "outbox",
          lambda w: mail(state="given up", ended_at=timezone.now(), cause="SMTPRecipientsRefused"),
          WARNING, ("SMTPRecipientsRefused", "EMAIL_URL (environment)")),
    Fault("a folder nobody can make", "uploads", lambda w: (w.folder / "uploads").write_text("a file"), PROBLEM,
          ("NotADirectoryError", "MEDIA_ROOT (default)")),
    Fault(
        "a timer that stands still",
        "jobs",
        lambda w: FinishedJob.objects.create(name="clear_expired", ended_at=timezone.now() - timedelta(days=9)),
        WARNING,
        ("clear_expired", "9 days ago", "timer"),
    ),
    Fault("no administrator", "people", without_chief, WARNING, ("createsuperuser", "FAIRLEAD_ADMIN_EMAIL=")),
    Fault("a suspended administrator", "people", suspended_chief, PROBLEM,
          ("FAIRLEAD_ADMIN_EMAIL=chief@example.org", "suspended")),
    Fault("passwords off without a provider", "people", lambda w: w.configure(DISABLE_INTERNAL_AUTH=True), WARNING,
          ("DISABLE_INTERNAL_AUTH=true", "no effect", "OIDC_ENABLED")),
    Fault("registration without mail", "people", mailer(EMAIL_BACKEND=NOT_CONFIGURED), WARNING,
          ("USER_SIGNUP=enabled (default)", "EMAIL_URL (environment)")),
    Fault("no domain allowed", "people", lambda w: SignInPolicy.objects.create(signup_email_domains=[]), WARNING,
          ("SIGNUP_EMAIL_DOMAINS= (admin)", "USER_SIGNUP")),
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found_and_names_what_to_change(world: World, fault: Fault) -> None:
    fault.plant(world)
    found = health.faults(health.look(fault.area, fault.asked))
    assert [each.verdict for each in found] == [fault.verdict], found
    for text in fault.says:
        assert text in health.told(found[0])
    assert found[0].remedy


@pytest.mark.parametrize("area", sorted({fault.area for fault in FAULTS}))
def test_without_a_fault_nothing_is_wrong(world: World, area: str) -> None:
    assert health.faults(health.look(area, ONLINE)) == []


def test_what_two_checks_say_alike_is_told_twice_and_what_follows_from_another_once(world: World) -> None:
    said = [checks.Error("A is wrong."), checks.Error("A is wrong."), checks.Error("B fails: A is wrong.")]
    world.monkeypatch.setattr(checks, "run_checks", lambda **_: said)
    assert [each.text for each in health.look("checks")] == ["A is wrong.", "A is wrong."]


def test_a_key_that_is_still_needed_is_counted(world: World) -> None:
    (first,) = world.settings.FAIRLEAD["ENCRYPTION_KEYS"]
    Provider.objects.create(slug="first", name="First", issuer="https://a.example", client_id="c", client_secret="s")
    world.configure(ENCRYPTION_KEYS=(Fernet.generate_key().decode(), first))
    (found,) = health.look("secrets")
    assert (found.verdict, found.text) == (Verdict.NOTE, "Decrypted by key 1: 0, key 2: 1.")
    assert "manage.py reencrypt" in found.remedy


def test_a_column_of_many_rows_is_looked_at_in_part_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_secrets, "ROWS", 1)
    for slug in ("first", "second"):
        issuer = f"https://{slug}.example"
        Provider.objects.create(slug=slug, name=slug, issuer=issuer, client_id="c", client_secret="s")
    found = health.look("secrets")
    assert [each.verdict for each in found] == [Verdict.NOTE, Verdict.OK]
    assert "More than 1" in found[0].text


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ('FATAL: password authentication failed for user "x"', "%40"),
        ('FATAL: database "x" does not exist', "correct its name in {setting}"),
        ("failed to resolve host 'x': [Errno -2]", "Correct the host in {setting}"),
        ("connection to server failed: Connection refused", "Start the database server"),
        ("FATAL: remaining connection slots are reserved", "max_connections"),
        ("connection timeout expired", "firewall"),
        ("unable to open database file", "folder of {setting}"),
        ("file is not a database", "SQLite file in {setting}"),
        ("something else", "Compare {setting}"),
    ],
)
def test_a_database_that_does_not_answer_is_told_by_its_cause(fault: str, says: str) -> None:
    assert says in database.remedy(fault)


@pytest.mark.parametrize(("ahead", "verdict"), [(0.5, Verdict.OK), (-4, Verdict.OK), (90, WARNING), (-90, WARNING)])
def test_clocks_are_compared(ahead: float, verdict: Verdict) -> None:
    assert database.clock("Clock", ahead).verdict is verdict


def test_what_stands_twice_says_which_counts(world: World) -> None:
    world.write("OIDC_PROVIDER_NAME=File", OIDC_PROVIDER_NAME="Process")
    (found,) = [each for each in health.look("settings") if each.verdict is Verdict.NOTE]
    assert (found.what, "environment" in found.text) == ("OIDC_PROVIDER_NAME", True)


def test_each_setting_that_is_set_is_told_with_its_place_and_no_secret(world: World) -> None:
    world.write("OIDC_PROVIDER_NAME=Shop")
    told = {each.what: each.text for each in health.look("settings")}
    assert told["OIDC_PROVIDER_NAME"] == "Shop, from .env."
    assert told["SECRET_KEY"] == "(a secret), from environment."
    assert "LOG_LEVEL" not in told
