"""The database: it answers, has our tables, takes writes, and its clock agrees with ours."""

import time
from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext, gettext_noop

from fairlead.web.health import naming
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, problem, warning

_CLOCK = 5  # seconds between two clocks that nobody need hear of
# The first that stands in the fault's text.
_REMEDIES = (
    (
        "password authentication failed",
        gettext_noop("Correct user and password in {setting}; characters such as @ are written %40."),
    ),
    ("no password supplied", gettext_noop("Write the user's password into {setting}.")),
    ("does not exist", gettext_noop("Create it at the database server, or correct its name in {setting}.")),
    ("resolve host", gettext_noop("Correct the host in {setting}: no such name is known.")),
    ("translate host", gettext_noop("Correct the host in {setting}: no such name is known.")),
    ("refused", gettext_noop("Start the database server, or correct host and port in {setting}.")),
    (
        "connection slots",
        gettext_noop("Raise the server's max_connections, or lower WEB_CONCURRENCY or THREADS; {setting} is right."),
    ),
    ("timeout", gettext_noop("Correct host and port in {setting}, or let a firewall pass this machine.")),
    ("unable to open database file", gettext_noop("Let the service's user write to the folder of {setting}.")),
    ("not a database", gettext_noop("Name an SQLite file in {setting}: this one is something else.")),
)
_LOCK = 2.0  # seconds to wait for SQLite's write lock


def look(asked: Asked) -> Iterator[Finding]:
    name = naming.name("DATABASES")
    try:
        version = _version()
    except (DatabaseError, OSError) as fault:
        yield problem(
            gettext("Connection"),
            gettext("The database does not answer: {fault}").format(fault=" ".join(str(fault).split())[:300]),
            remedy(str(fault)).format(setting=name),
            why=gettext("Nobody can sign in without it."),
        )
        return
    yield good(gettext("Connection"), gettext("{version} answers. {setting}").format(version=version, setting=name))
    yield _migrations()
    if connection.vendor == "sqlite":
        yield from _sqlite(name)
    if connection.vendor == "postgresql":
        yield from _postgresql(name)


def remedy(fault: str) -> str:
    """What a connection's fault asks for, with `{setting}` in it: drivers tell them apart by their text alone."""
    found = next((each for part, each in _REMEDIES if part in fault), None)
    return gettext(found or "Compare {setting} with the database server, and see whether it runs.")


def _version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        (version,) = cursor.fetchone()
    return f"{connection.display_name} {version}"


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    missing = [f"{each.app_label}.{each.name}" for each, _ in plan]
    if not missing:
        return good(gettext("Migrations"), gettext("All are applied."))
    return problem(
        gettext("Migrations"),
        gettext("{count} are not applied: {names}.").format(count=len(missing), names=", ".join(missing[:5])),
        gettext("Run: python manage.py migrate"),
        why=gettext("/readyz says 503 until then."),
    )


def _sqlite(name: str) -> Iterator[Finding]:
    what = gettext("Write lock")
    if connection.in_atomic_block:
        return
    began = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(_LOCK * 1000)}")
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
    except OperationalError as fault:
        yield _not_written(str(fault), name)
        return
    finally:
        connection.close()
    waited = time.monotonic() - began
    yield good(
        what,
        gettext(
            "Taken after {milliseconds} ms. One process writes at a time: beyond one machine it is PostgreSQL."
        ).format(milliseconds=round(waited * 1000)),
    )


def _not_written(fault: str, name: str) -> Finding:
    if "locked" in fault:
        return warning(
            gettext("Write lock"),
            gettext("Another process has held it for more than {seconds} seconds.").format(seconds=round(_LOCK)),
            gettext(
                "Look for a command or a backup that is under way; where many write, set {setting} to PostgreSQL."
            ).format(setting=name),
            why=gettext("SQLite has one writer: sign-ins wait, and fail after 20 seconds."),
        )
    folder = Path(str(connection.settings_dict["NAME"])).parent
    return problem(
        gettext("Write lock"),
        gettext("The database takes no writes: {fault}").format(fault=fault),
        gettext("Let the service's user write to the file of {setting} and to its folder {folder}.").format(
            setting=name, folder=folder
        ),
    )


def _postgresql(name: str) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp()), pg_is_in_recovery()")
        theirs, standby = cursor.fetchone()
        now = (before + time.time()) / 2
    if standby:
        yield problem(
            gettext("Writes"),
            gettext("This server is a standby: it takes no writes."),
            gettext("Name the primary in {setting}.").format(setting=name),
        )
    yield clock(gettext("Clock"), float(theirs) - now)


def clock(what: str, ahead: float) -> Finding:
    """`ahead` is by how many seconds the database's clock is before ours."""
    if abs(ahead) <= _CLOCK:
        return good(what, gettext("The database's clock and ours agree."))
    return warning(
        what,
        gettext("The database's clock and ours differ by {seconds} seconds.").format(seconds=round(abs(ahead))),
        gettext("Let both machines take their time from the network (NTP)."),
        why=gettext("Codes and sessions end too early or too late."),
    )
