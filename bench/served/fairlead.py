"""Fairlead under measurement: its settings, and its calls, all made through its public doors."""

import json
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from bench.served import provider
from bench.served.calls import REFRESH_TOKENS, Call
from bench.served.process import run

PASSWORD = "a password of the bench"
POOLS = 50


def environment(*, port: int, database_url: str, issuer: str, folder: Path) -> dict[str, str]:
    """As in production, but for the limits: everything comes from one address here."""
    return {
        "ENV_FILE": "/dev/null",
        "FAIRLEAD_ENV": "production",
        "APP_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FAIRLEAD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": database_url,
        "MEDIA_ROOT": str(folder / "uploads"),
        "EMAIL_URL": f"filemail://{folder / 'mails'}",
        "RATE_LIMITS": "off",
        "USER_SIGNUP": "enabled",
        "OIDC_ENABLED": "true",
        "OIDC_ISSUER_URL": issuer,
        "OIDC_CLIENT_ID": provider.CLIENT_ID,
        "OIDC_CLIENT_SECRET": provider.CLIENT_SECRET,
        "OIDC_PRIVATE_ORIGINS": origin_of(issuer),
        "POOL_PRIVATE_ORIGINS": origin_of(issuer),
        # In front of any that an environment of the run may bring.
        "CACHE_URL": "",
        "LOG_LEVEL": "warning",
    }


def origin_of(issuer: str) -> str:
    return issuer.removesuffix(provider.HANGING)


def api_key(python: str, environment: dict[str, str]) -> str:
    """Of a new organization, made as an operator makes one."""
    run([python, "manage.py", "migrate", "--verbosity", "0"], environment=environment)
    run([python, "manage.py", "create_organization", "Bench"], environment=environment)
    printed = run([python, "manage.py", "create_api_key", "Bench", "--name", "bench"], environment=environment)
    return next(word for word in printed.split() if word.startswith("flk_"))


def calls(url: str, *, key: str, issuer: str) -> dict[str, Call]:
    """Makes a person, an organization's pools and a client through the API, and returns what is called then."""
    with_key = {"Authorization": f"Bearer {key}"}
    rules = {"jwksUri": f"{issuer}/keys", "issuer": issuer, "audience": [provider.CLIENT_ID], "algorithms": ["RS256"]}
    pool = ask(f"{url}/org/userPool", {"name": "Customers", "authorization": rules}, headers=with_key)
    for number in range(1, POOLS):
        ask(f"{url}/org/userPool", {"name": f"Pool {number}"}, headers=with_key)
    kind = {"application": {"userPoolId": pool["id"]}}
    client = ask(f"{url}/org/sdkClient", {"name": "Web", "kind": kind}, headers=with_key)
    person = {"email": "owner@example.org", "password": PASSWORD}
    signed_in = ask(f"{url}/api/auth/register", {**person, "name": "Owner"})
    mine = {"Authorization": f"Bearer {signed_in['access_token']}"}
    of_client = {"X-Client-Id": client["id"]}
    return {
        "Fairlead /livez": Call(path="/livez"),
        "Fairlead app user, seen": Call(path="/app/me", headers=of_client, bearers="seen"),
        "Fairlead app user, new": Call(path="/app/me", headers=of_client, bearers="tokens"),
        "Fairlead API key, 50 pools": Call(path=f"/org/userPool?limit={POOLS}", headers=with_key),
        "Fairlead /api/auth/me": Call(path="/api/auth/me", headers=mine),
        "Fairlead refresh": Call(
            path="/api/auth/refresh", method="POST", chained=("refresh_token", _refresh_tokens(url, person))
        ),
        "Fairlead password": Call(path="/api/auth/login", method="POST", body=json.dumps(person)),
    }


def _refresh_tokens(url: str, person: dict[str, str]) -> tuple[str, ...]:
    return tuple(ask(f"{url}/api/auth/login", person)["refresh_token"] for _ in range(REFRESH_TOKENS))


def ask(url: str, body: dict[str, Any], *, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Post JSON. Raises RuntimeError with the answer where it is refused."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=sent, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{url}: {error.code} {error.read()[:500]!r}") from None
    return found
