"""The one place that reads the process environment and the `.env` file.

Everything else reads Django settings, which are made from the `Environment` built here. Order of precedence: process
environment, then `.env`, then (in development only) the secrets that `make run` made for itself, then the default.
A variable marked secret is also accepted as `NAME_FILE`, the path of a file that holds it.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values

from config import values
from fairlead import conf

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_APP_URL = "http://localhost:8000"
# Variables whose name is not the key's in FAIRLEAD.
_KEYS = {
    "ORIGIN": "APP_URL",
    "FRONTEND_URLS": "FRONTEND_URL",
    "ENCRYPTION_KEYS": "FAIRLEAD_ENCRYPTION_KEYS",
    "ADMIN_EMAIL": "FAIRLEAD_ADMIN_EMAIL",
}


def _variable(parse: Callable[[str], Any], default: Any, meaning: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"parse": parse, "meaning": meaning, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Every variable Fairlead reads. The field's name in upper case is the variable's name.

    None means "not set here": the value of the admin, else the default of API.md, applies.
    """

    fairlead_env: str = _variable(
        values.one_of("production", "development"), "production", "production, or development (set by `make run`)"
    )
    app_url: str = _variable(values.site, DEFAULT_APP_URL, "where people reach this service: scheme, host and port")
    frontend_url: str = _variable(
        values.optional_site, "", "where sign-ins end: the single-page app's origin; default APP_URL"
    )
    allowed_hosts: tuple[str, ...] = _variable(values.items, (), "host names served; default: the host of APP_URL")
    secret_key: str = _variable(
        values.text, "", "signs sessions and access tokens; at least 50 random characters", secret=True
    )
    secret_key_fallbacks: tuple[str, ...] = _variable(
        values.items, (), "earlier values of SECRET_KEY, still accepted for verifying", secret=True
    )
    fairlead_encryption_keys: tuple[str, ...] = _variable(
        values.items, (), "Fernet keys for stored secrets; the first encrypts, all decrypt", secret=True
    )
    database_url: str = _variable(
        values.text, "", "postgres://user:password@host/name; default: SQLite in var/", secret=True
    )
    cache_url: str = _variable(values.text, "", "redis://host:6379/0; default: memory of the process", secret=True)
    email_url: str = _variable(
        values.text,
        "",
        "smtp+tls://user:password@host:587, or consolemail://; default: none is sent; `make run` prints them",
        secret=True,
    )
    default_from_email: str = _variable(values.guide, "", "sender of our mails; default: no-reply@ the host of APP_URL")
    media_root: str = _variable(values.guide, "", "folder of uploaded pictures; default: uploads/")
    log_format: str = _variable(values.one_of("json", "plain"), "json", "json (one object a line) or plain")
    log_level: str = _variable(
        values.one_of("debug", "info", "warning", "error"), "info", "debug, info, warning, error"
    )
    metrics: bool = _variable(values.flag, False, "serve Prometheus metrics at /metrics")
    metrics_token: str = _variable(
        values.text, "", "bearer token that /metrics then demands; required in production", secret=True
    )
    trusted_proxies: int = _variable(values.count, 0, "how many proxies in front of us append to X-Forwarded-For")
    rate_limits: bool = _variable(values.flag, True, "rate limits, on or off")
    cors_allowed_origins: tuple[str, ...] = _variable(
        values.sites, (), "origins whose scripts may read our API answers; FRONTEND_URL is always one"
    )
    outbound_proxy: str = _variable(values.text, "", "explicit HTTP proxy for calls to public addresses", secret=True)
    outbound_ca_bundle: str = _variable(
        values.guide, "", "file of certificate authorities for outbound calls; default: certifi's"
    )

    oidc_enabled: bool = _variable(values.flag, False, "enable the provider named by the OIDC_ variables")
    oidc_provider_name: str = _variable(values.guide, "OpenID Connect", "name on the sign-in button")
    oidc_issuer_url: str = _variable(values.guide, "", "the provider's issuer, exactly as in its discovery document")
    oidc_client_id: str = _variable(values.guide, "", "our client id at the provider")
    oidc_client_secret: str = _variable(values.guide, "", "its secret; empty for a public client", secret=True)
    oidc_client_auth: str = _variable(
        values.one_of("", "post", "basic"),
        "",
        "how the secret is sent: post or basic; default: by the provider's metadata",
    )
    oidc_scopes: str = _variable(values.guide, "openid email profile", "scopes that are asked for")
    oidc_trust_email: str = _variable(
        values.one_of("never", "absent", "always"),
        "never",
        "when an e-mail without email_verified: true counts as verified",
    )
    oidc_linking: str = _variable(
        values.one_of("verified_email", "confirm", "never"),
        "verified_email",
        "how a sign-in meets an account with that e-mail",
    )
    oidc_mobile_client_ids: tuple[str, ...] = _variable(
        values.items, (), "client ids of our mobile apps at the provider"
    )
    oidc_private_origins: tuple[str, ...] = _variable(
        values.sites, (), "exact origins of providers that may be http or at a private address"
    )
    pool_private_origins: tuple[str, ...] = _variable(
        values.sites, (), "exact origins of user pools that may be http or at a private address"
    )
    oidc_state_ttl: int = _variable(values.seconds, 60, "seconds a person has at the provider")
    oidc_exchange_code_ttl: int = _variable(values.seconds, 30, "seconds the front end has to exchange the code")
    oidc_signup: str | None = _variable(
        values.one_of("follow", "always"), None, "new people through a provider: follow USER_SIGNUP, or always"
    )
    user_signup: str | None = _variable(
        values.one_of("enabled", "review", "disabled"), None, "registration: enabled, review or disabled"
    )
    signup_email_domains: tuple[str, ...] | None = _variable(
        values.items, None, "domains of which new people may be; default: any"
    )
    disable_internal_auth: bool | None = _variable(values.flag, None, "no sign-in by password, only through a provider")
    trust_local_email: bool = _variable(values.flag, False, "count an address typed at registration as verified")
    refresh_reuse_grace: int = _variable(
        values.count, 10, "seconds in which a rotated refresh token gives the same successor"
    )
    fairlead_admin_email: str = _variable(values.guide, "", "becomes administrator once the address is proven")

    sources: Mapping[str, str] = field(default_factory=dict)
    """Where each value that is not a default came from: `environment` or `.env`, by variable name."""

    @property
    def development(self) -> bool:
        return self.fairlead_env == "development"

    def fairlead(self) -> dict[str, Any]:
        """FAIRLEAD, the settings of the packages: each key under its own name, or under the variable's of `_KEYS`."""
        names = {key: _KEYS.get(key, key) for key, _, _ in conf.known()}
        ours = {each.name.upper() for each in fields(self)}
        found = {key: getattr(self, name.lower()) for key, name in names.items() if name in ours - {"SOURCES"}}
        sources = {key: (name, self.sources.get(name, "default")) for key, name in names.items() if name in ours}
        found["FRONTEND_URLS"] = [self.frontend_url] if self.frontend_url else []
        return {**found, "PEOPLE": "accounts.people.People", "SOURCES": sources}


def read(process: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Environment:
    """Build the environment. Raises ImproperlyConfigured naming the variable that cannot be understood."""
    process = os.environ if process is None else process
    if dotenv is None:
        named = process.get("ENV_FILE")
        dotenv = Path(named) if named else ROOT / ".env"
    layers = [("environment", process), (dotenv.name, _file(dotenv))]
    if _first("FAIRLEAD_ENV", layers) == "development":
        layers.append(("var/development.env", _file(ROOT / "var" / "development.env")))
    found: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for each in fields(Environment):
        if each.name == "sources":
            continue
        name = each.name.upper()
        for source, layer in layers:
            raw = _raw(name, layer, secret=each.metadata["secret"])
            if raw is None:
                continue
            try:
                found[each.name] = each.metadata["parse"](raw) if raw.strip() else each.default
            except ValueError as error:
                raise ImproperlyConfigured(
                    f"{name} ({source}) {error}. It means: {each.metadata['meaning']}."
                ) from None
            if raw.strip():
                sources[name] = source
            break
    return Environment(**found, sources=sources)


def _file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value is not None}


def _raw(name: str, layer: Mapping[str, str], *, secret: bool) -> str | None:
    if secret and (path := layer.get(f"{name}_FILE")):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from None
    return layer.get(name)


def _first(name: str, layers: list[tuple[str, Mapping[str, str]]]) -> str | None:
    return next((layer[name].strip() for _, layer in layers if layer.get(name, "").strip()), None)
