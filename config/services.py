"""The addresses of what runs beside us: database, cache and mail server, as Django wants to have them.

Each function raises ValueError saying what the address has to be; never with a part of it, which may be a password.
"""

import warnings
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_SQLITE = "django.db.backends.sqlite3"
_POSTGRESQL = "django.db.backends.postgresql"
_ENGINES = {_SQLITE, _POSTGRESQL, "django.contrib.gis.db.backends.postgis"}
# Django's settings that are made from a variable of the environment, for whoever has to change one.
VARIABLES = {
    "ALLOWED_HOSTS": "ALLOWED_HOSTS",
    "CACHES": "CACHE_URL",
    "CORS_ALLOWED_ORIGINS": "CORS_ALLOWED_ORIGINS",
    "DATABASES": "DATABASE_URL",
    "DEFAULT_FROM_EMAIL": "DEFAULT_FROM_EMAIL",
    "EMAIL_HOST": "EMAIL_URL",
    "MEDIA_ROOT": "MEDIA_ROOT",
    "SECRET_KEY": "SECRET_KEY",
    "STORAGES": "UPLOADS_URL",
}
_LIBRARY_FAULTS = (ValueError, KeyError, ImproperlyConfigured)


def database(url: str, *, seconds: int = 0, pooler: bool = False) -> dict[str, Any]:
    """SQLite or PostgreSQL: other databases do not hold the constraints that our tables stand on.

    `seconds` is how long a statement may take there, and we wait for it; 0: as long as it takes.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # the library prints what it does not understand
            found: dict[str, Any] = environ.Env.db_url_config(url)
    except _LIBRARY_FAULTS:
        raise ValueError("the address of a database, with a number as its port") from None
    if found.get("ENGINE") not in _ENGINES:
        raise ValueError("the address of a PostgreSQL or an SQLite database")
    if not found["NAME"]:
        raise ValueError("an address that ends in the database's name")
    found |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if found["ENGINE"] == _SQLITE:
        # IMMEDIATE takes the write lock at the start of a transaction, so that two writers wait instead of failing.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    elif found["ENGINE"] == _POSTGRESQL:
        found["ENGINE"] = "config.postgres"
        found["OPTIONS"] = _timeouts(seconds, pooler=pooler) | found.get("OPTIONS", {})
        # A pooler gives the next statement to another connection.
        found["DISABLE_SERVER_SIDE_CURSORS"] = pooler
    return found


def _timeouts(seconds: int, *, pooler: bool) -> dict[str, Any]:
    """What the address itself says (`?connect_timeout=10`) goes before these."""
    options: dict[str, Any] = {
        "connect_timeout": 3,
        "keepalives": 1,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "answer_within": seconds,
    }
    if seconds and not pooler:
        # pgbouncer refuses a connection that sends `options`: there the role has the timeouts.
        milliseconds = {
            "statement_timeout": seconds * 1000,
            "lock_timeout": max(1, seconds // 2) * 1000,
            "idle_in_transaction_session_timeout": 60_000,
        }
        options["options"] = " ".join(f"-c {name}={value}" for name, value in milliseconds.items())
    return options


def make_folder(database: dict[str, Any]) -> None:
    """SQLite makes its file, not the folder that the file is to be in."""
    if database["ENGINE"] == _SQLITE and database["NAME"] != ":memory:":
        folder = Path(database["NAME"]).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise ImproperlyConfigured(
                f"The folder of DATABASE_URL, {folder}, cannot be made: {fault.strerror}. Name a folder where the "
                "service's user may write, such as: DATABASE_URL=sqlite:////var/lib/fairlead/fairlead.sqlite3"
            ) from None


def cache(url: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = environ.Env.cache_url_config(url)
        parts = urlsplit(url)
        without_a_host = "redis" in found["BACKEND"] and not parts.hostname and not parts.path
        _ = parts.port
    except _LIBRARY_FAULTS:
        raise ValueError("the address of a cache") from None
    if without_a_host:
        raise ValueError("the address of a cache, with its host")
    if "redis" in found["BACKEND"]:
        found |= {"KEY_PREFIX": "fairlead", "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}}
    return found


def mail(url: str) -> dict[str, Any]:
    """Django's EMAIL_ settings. `smtp+tls` is STARTTLS, `smtp+ssl` TLS from the start."""
    try:
        found: dict[str, Any] = environ.Env.email_url_config(url)
    except _LIBRARY_FAULTS:
        raise ValueError("the address of a mail server") from None
    if found["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and not found["EMAIL_HOST"]:
        raise ValueError("the address of a mail server, with its host")
    return {
        "EMAIL_BACKEND": found["EMAIL_BACKEND"],
        # filemail:///folder: the library gives the path without its leading slash.
        "EMAIL_FILE_PATH": f"/{found['EMAIL_FILE_PATH']}" if found.get("EMAIL_FILE_PATH") else None,
        "EMAIL_HOST": found.get("EMAIL_HOST") or "localhost",
        "EMAIL_PORT": found.get("EMAIL_PORT") or 25,
        "EMAIL_HOST_USER": found.get("EMAIL_HOST_USER") or "",
        "EMAIL_HOST_PASSWORD": found.get("EMAIL_HOST_PASSWORD") or "",
        "EMAIL_USE_TLS": bool(found.get("EMAIL_USE_TLS")),
        "EMAIL_USE_SSL": bool(found.get("EMAIL_USE_SSL")),
    }


def uploads(url: str) -> dict[str, Any]:
    """Django's storage of pictures in a bucket: `s3://key:secret@bucket/folder?region=..&endpoint=..`.

    Without key and secret they are found as AWS' own tools find them. `endpoint` is for what speaks S3 elsewhere.
    """
    parts = urlsplit(url)
    told = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.hostname or told.keys() - {"region", "endpoint"}:
        raise ValueError("the address of a bucket, s3://key:secret@bucket?region=... or ?endpoint=...")
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _bucket(parts.hostname, parts, told)}


def _bucket(name: str, parts: SplitResult, told: dict[str, str]) -> dict[str, Any]:
    # Slow to import, and only wanted here.
    try:
        from botocore.config import Config
    except ImportError:
        raise ValueError("left out until `pip install boto3 django-storages` was run: a bucket needs both") from None

    endpoint = told.get("endpoint")
    return {
        "bucket_name": name,
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "location": unquote(parts.path).strip("/"),
        "region_name": told.get("region"),
        "endpoint_url": endpoint,
        "file_overwrite": False,
        # Whoever waits for a picture occupies a thread.
        "client_config": Config(  # type: ignore[no-untyped-call]  # botocore has no types
            connect_timeout=2,
            read_timeout=4,
            retries={"total_max_attempts": 2},
            s3={"addressing_style": "path" if endpoint else "auto"},
            signature_version="s3v4",
        ),
    }
