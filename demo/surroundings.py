"""The environment that `make run` gives the service: what the person has set, and what it needs beyond that.

What stands in the process environment or in `.env` is never replaced, only completed.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})


class SurroundingsError(Exception):
    """Something has to be changed before anything can start; the message says what."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    app_url: str
    port: int
    provider_port: int
    own_database: bool
    service: Mapping[str, str]
    provider: Mapping[str, str]

    @property
    def provider_origin(self) -> str:
        return f"http://127.0.0.1:{self.provider_port}"

    @property
    def issuer(self) -> str:
        return f"{self.provider_origin}/o"


def look_around(process: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Surroundings:
    """Raises SurroundingsError for a port that is no port."""
    process = dict(os.environ if process is None else process)
    named = process.get("ENV_FILE")
    dotenv = dotenv or (Path(named) if named else ROOT / ".env")
    written = {k: v for k, v in dotenv_values(dotenv, interpolate=False).items() if v} if dotenv.is_file() else {}
    told = {**written, **{name: value for name, value in process.items() if value.strip()}}
    port = _port("PORT", told.get("PORT") or str(_port_of(told.get("APP_URL", "")) or 8000))
    provider_port = _port("PROVIDER_PORT", told.get("PROVIDER_PORT") or "9000")
    if port == provider_port:
        raise SurroundingsError(f"PORT and PROVIDER_PORT are both {port}: choose two.")
    app_url = told.get("APP_URL", "").strip("\"' ").rstrip("/") or f"http://localhost:{port}"
    origin = f"http://127.0.0.1:{provider_port}"
    added = {
        "FAIRLEAD_ENV": "development",
        "APP_URL": app_url,
        "BIND": f"127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
        "OIDC_PRIVATE_ORIGINS": _with(
            told.get("OIDC_PRIVATE_ORIGINS", ""), origin, *_loopback_origin(told.get("OIDC_ISSUER_URL", ""))
        ),
        "POOL_PRIVATE_ORIGINS": _with(told.get("POOL_PRIVATE_ORIGINS", ""), origin),
    }
    added |= {
        name: value
        for name, value in {"LOG_FORMAT": "plain", "EMAIL_URL": "consolemail://"}.items()
        if name not in told and f"{name}_FILE" not in told
    }
    return Surroundings(
        app_url=app_url,
        port=port,
        provider_port=provider_port,
        own_database=not (told.get("DATABASE_URL") or told.get("DATABASE_URL_FILE")),
        service=process | added,
        provider=_for_provider(process, provider_port),
    )


def make_secrets(file: Path = VAR / "development.env") -> bool:
    """Write the secrets of this copy of the service, once. True when they were made now.

    They are of no use elsewhere: config.environment reads this file in development only.
    """
    if file.exists():
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = (
        "# Made by `make run` for this machine alone. Delete it and the database beside it to begin anew.",
        f"SECRET_KEY={secrets.token_urlsafe(64)}",
        f"FAIRLEAD_ENCRYPTION_KEYS={Fernet.generate_key().decode()}",
    )
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write("\n".join(lines) + "\n")
    return True


def _for_provider(process: Mapping[str, str], port: int) -> dict[str, str]:
    """The provider gets none of the service's settings or secrets."""
    kept = {name: process[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in process}
    return kept | {
        "DEMO_PROVIDER_PORT": str(port),
        "DEMO_PROVIDER_STATE": process.get("DEMO_PROVIDER_STATE") or str(VAR / "demo-provider"),
        "PYTHONUNBUFFERED": "1",
    }


def _with(origins: str, *more: str) -> str:
    return ",".join([*([origins] if origins.strip() else []), *more])


def _loopback_origin(issuer: str) -> list[str]:
    """The origin of a provider that the person runs on this very machine: naming its issuer says enough here."""
    parts = urlsplit(issuer.partition(" ")[0].strip("\"'"))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme == "http" and parts.hostname in _LOOPBACK else []


def _port_of(app_url: str) -> int | None:
    parts = urlsplit(app_url.strip("\"' "))
    return parts.port if parts.scheme == "http" and parts.hostname in _LOOPBACK else None


def _port(name: str, value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise SurroundingsError(f"{name} is {value!r}, which is no port. Use a number such as 8000.")
    return int(value)
