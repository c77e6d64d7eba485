"""The addresses of what runs beside us: database, cache and mail server, as Django wants to have them.

Each function raises ValueError saying what the address has to be; never with a part of it, which may be a password.
"""

import warnings
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_SQLITE = "django.db.backends.sqlite3"
_ENGINES = {_SQLITE, "django.db.backends.postgresql", "django.contrib.gis.db.backends.postgis"}
_LIBRARY_FAULTS = (ValueError, KeyError, ImproperlyConfigured)


def database(url: str) -> dict[str, Any]:
    """SQLite or PostgreSQL: other databases do not hold the constraints that our tables stand on."""
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
    return found


def make_folder(database: dict[str, Any]) -> None:
    """SQLite makes its file, not the folder that the file is to be in."""
    if database["ENGINE"] == _SQLITE and database["NAME"] != ":memory:":
        Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)


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
