"""Every variable of the environment, with its default and meaning: a table, no code.

Those that the packages read are settings of `fairlead.conf` too; default and meaning stand there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config import described, services, values
from config.described import setting as _setting
from config.described import variable as _variable
from fairlead import conf

DEFAULT_APP_URL = "http://localhost:8000"
# Settings of FAIRLEAD that are set by a variable of another name.
RENAMED = {"ORIGIN": "APP_URL", "ENCRYPTION_KEYS": "FAIRLEAD_ENCRYPTION_KEYS", "ADMIN_EMAIL": "FAIRLEAD_ADMIN_EMAIL"}


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The field's name in upper case is the variable's. None: not set here, so the admin's value counts."""

    fairlead_env: str = _variable(
        values.one_of("production", "development"), "production",
        "what this is: production, or development (set by `make run`)", part="This service",
    )  # fmt: skip
    app_url: str = _variable(
        values.site, DEFAULT_APP_URL, "where people reach this service: scheme, host and port; never the default in"
        " production", example="https://login.example.org",
    )  # fmt: skip
    allowed_hosts: tuple[str, ...] = _variable(values.items, (), "host names served; empty: the host of APP_URL")
    secret_key: str = _variable(
        values.text, "", "signs sessions and access tokens; at least 50 random characters", secret=True,
        example='the output of: python -c "import secrets; print(secrets.token_urlsafe(64))"',
    )  # fmt: skip
    secret_key_fallbacks: tuple[str, ...] = _variable(
        values.items, (), "earlier values of SECRET_KEY, by comma: still accepted, not used for signing", secret=True
    )
    fairlead_encryption_keys: tuple[str, ...] = _variable(
        values.items, (), "Fernet keys for stored secrets, by comma; the first encrypts, all decrypt", secret=True,
        example="the output of: python -m fairlead.newkey",
    )  # fmt: skip
    database_url: str = _variable(
        values.address_of(services.database), "", "PostgreSQL or SQLite; empty: SQLite in var/", secret=True,
        example="postgres://user:password@host:5432/name",
    )  # fmt: skip
    database_seconds: int = _variable(
        values.count, 4, "seconds that a statement may take in PostgreSQL, and that a request waits for it; 0: any."
        " `manage.py` waits as long as it takes",
    )  # fmt: skip
    database_pooler: bool = _variable(
        values.flag, False, "a pooler stands before PostgreSQL (pgbouncer in transaction mode): no timeouts are sent,"
        " so set them on the role: ALTER ROLE name SET statement_timeout = '4s'",
    )  # fmt: skip
    cache_url: str = _variable(
        values.address_of(services.cache), "",
        "the cache all processes share; empty: memory of each process, and counters in the database", secret=True,
        example="redis://host:6379/0",
    )  # fmt: skip
    email_url: str = _variable(
        values.address_of(services.mail), "",
        "the mail server; smtp+tls is STARTTLS, smtp+ssl TLS from the start; empty: mails are not sent,"
        " `make run` prints them", secret=True, example="smtp+tls://user:password@mail.example.org:587",
    )  # fmt: skip
    default_from_email: str = _variable(
        values.guide, "", "sender of our mails; empty: no-reply@ the host of APP_URL", example="login@example.org"
    )
    media_root: str = _variable(
        values.guide, "", "folder of uploaded pictures; empty: uploads/", example="/srv/fairlead/uploads"
    )
    uploads_url: str = _variable(
        values.address_of(services.uploads), "",
        "a bucket for uploaded pictures, which all machines share; empty: the folder of MEDIA_ROOT", secret=True,
        example="s3://key:secret@bucket?region=eu-central-1",
    )  # fmt: skip
    log_format: str = _variable(
        values.one_of("json", "plain"), "json", "how log lines are written: json (one object a line) or plain"
    )
    log_level: str = _variable(
        values.one_of("debug", "info", "warning", "error"),
        "info",
        "the least level that is logged: debug, info, warning or error",
    )
    metrics: bool = _variable(values.flag, False, "Prometheus metrics at /metrics")
    metrics_token: str = _variable(
        values.text, "", "what /metrics then demands as Bearer; production refuses metrics without it", secret=True
    )
    trusted_proxies: int = _setting("TRUSTED_PROXIES", values.count, example="1")
    rate_limits: bool = _setting("RATE_LIMITS", values.flag)
    rate_limit_login: tuple[conf.Rate, ...] = _setting("RATE_LIMIT_LOGIN", values.rates)
    rate_limit_login_per_network: tuple[conf.Rate, ...] = _setting("RATE_LIMIT_LOGIN_PER_NETWORK", values.rates)
    rate_limit_register: str = _setting("RATE_LIMIT_REGISTER", values.rate)
    rate_limit_initiate: str = _setting("RATE_LIMIT_INITIATE", values.rate)
    rate_limit_exchange: str = _setting("RATE_LIMIT_EXCHANGE", values.rate)
    rate_limit_refresh: str = _setting("RATE_LIMIT_REFRESH", values.rate)
    rate_limit_mails: str = _setting("RATE_LIMIT_MAILS", values.rate)
    rate_limit_app_user_id_token: str = _setting("RATE_LIMIT_APP_USER_ID_TOKEN", values.rate)
    password_hash_threads: int = _setting("PASSWORD_HASH_THREADS", values.few)
    cors_allowed_origins: tuple[str, ...] = _variable(
        values.sites, (), "origins whose scripts may read our API's answers; front ends always may",
        example="https://app.example.org",
    )  # fmt: skip
    outbound_proxy: str = _setting("OUTBOUND_PROXY", values.text, secret=True, example="http://proxy.internal:3128")
    outbound_ca_bundle: str = _setting("OUTBOUND_CA_BUNDLE", values.guide, example="/etc/ssl/certs/ca-certificates.crt")

    site_name: str = _setting("SITE_NAME", values.line, example='"Example Shop"', part="Pages and mails")
    site_logo: str = _setting("SITE_LOGO", values.own_path, example="/static/logo.svg")
    site_color: str = _setting("SITE_COLOR", values.color, example='"#0b5fff"')
    terms_url: str = _setting("TERMS_URL", values.page, example="https://www.example.org/terms")
    privacy_url: str = _setting("PRIVACY_URL", values.page, example="https://www.example.org/privacy")
    support_url: str = _setting("SUPPORT_URL", values.page, example="mailto:help@example.org")
    languages: tuple[str, ...] = _variable(
        values.languages, ("en", "de"), "languages of pages, mails and answers, by comma; the first counts where a"
        " browser asks for none of them; with one alone there is no choice", example="de,en",
    )  # fmt: skip

    frontend_url: str = _variable(
        values.site, "", "where sign-ins end: the origin of your single-page app; empty: APP_URL, our own pages",
        example="https://app.example.org", part="People",
    )  # fmt: skip
    frontend_urls: tuple[str, ...] = _variable(
        values.sites, (), "further front ends where a sign-in may end; without FRONTEND_URL the first is the default",
        example="https://app.example.org,https://admin.example.org",
    )  # fmt: skip
    user_signup: str | None = _variable(
        values.one_of("enabled", "review", "disabled"), None,
        "registration: enabled, review (an administrator approves) or disabled; empty: what the admin says, else"
        " enabled", example="review",
    )  # fmt: skip
    oidc_signup: str | None = _variable(
        values.one_of("follow", "always"), None,
        "new people through a provider: follow (USER_SIGNUP) or always; empty: what the admin says, else follow",
        example="always",
    )  # fmt: skip
    signup_email_domains: tuple[str, ...] | None = _variable(
        values.items, None, "domains of new people; empty: what the admin says, else any", example="example.org",
    )  # fmt: skip
    pending_mails_to: tuple[str, ...] | None = _setting("PENDING_MAILS_TO", values.items, example="team@example.org")
    disable_internal_auth: bool | None = _variable(
        values.flag, None, "no sign-in by password; takes effect only while a provider is enabled; empty: what the"
        " admin says, else false", example="true",
    )  # fmt: skip
    trust_local_email: bool = _setting("TRUST_LOCAL_EMAIL", values.flag)
    refresh_reuse_grace: int = _setting("REFRESH_REUSE_GRACE", values.count)
    audit_days: int = _setting("AUDIT_DAYS", values.count)
    refusal_days: int = _setting("REFUSAL_DAYS", values.count)
    record_lines: str = _setting("RECORD_LINES", values.text, example="/var/log/fairlead/record.jsonl")
    fairlead_admin_email: str = _setting("ADMIN_EMAIL", values.guide, example="you@example.org")
    oidc_enabled: bool = _setting(
        "OIDC_ENABLED", values.flag, part="A provider (the block of your provider's guide can be pasted as it stands)"
    )
    oidc_provider_name: str = _setting("OIDC_PROVIDER_NAME", values.guide)
    oidc_issuer_url: str = _setting("OIDC_ISSUER_URL", values.guide, example="https://id.example.org")
    oidc_client_id: str = _setting("OIDC_CLIENT_ID", values.guide, example="fairlead")
    oidc_client_secret: str = _setting("OIDC_CLIENT_SECRET", values.guide, secret=True)
    oidc_client_auth: str = _setting("OIDC_CLIENT_AUTH", values.one_of("", "post", "basic"), example="basic")
    oidc_scopes: str = _setting("OIDC_SCOPES", values.guide)
    oidc_trust_email: str = _setting("OIDC_TRUST_EMAIL", values.one_of("never", "absent", "always"))
    oidc_linking: str = _setting("OIDC_LINKING", values.one_of("verified_email", "confirm", "never"))
    oidc_mobile_client_ids: tuple[str, ...] = _setting("OIDC_MOBILE_CLIENT_IDS", values.items)
    oidc_private_origins: tuple[str, ...] = _setting(
        "OIDC_PRIVATE_ORIGINS", values.sites, example="http://idp.internal"
    )
    oidc_state_ttl: int = _setting("OIDC_STATE_TTL", values.seconds)
    oidc_exchange_code_ttl: int = _setting("OIDC_EXCHANGE_CODE_TTL", values.seconds)
    pool_private_origins: tuple[str, ...] = _setting(
        "POOL_PRIVATE_ORIGINS", values.sites, example="https://keycloak.internal:8443", part="Organizations"
    )

    sources: Mapping[str, str] = field(default_factory=dict)
    """Where each value that is not a default came from: `environment` or `.env`, by variable name."""

    @property
    def development(self) -> bool:
        return self.fairlead_env == "development"

    @property
    def front_ends(self) -> tuple[str, ...]:
        """Without doubles; the default first."""
        named = (self.frontend_url, *self.frontend_urls) if self.frontend_url else self.frontend_urls
        return tuple(dict.fromkeys(named))

    def fairlead(self) -> dict[str, Any]:
        """FAIRLEAD: each setting that has a variable of its name, or of the name in RENAMED."""
        names = {key: RENAMED.get(key, key) for key in described.SETTINGS}
        found = {key: getattr(self, name.lower()) for key, name in names.items() if hasattr(self, name.lower())}
        sources = {key: (names[key], self.sources.get(names[key], "default")) for key in found if key != "SOURCES"}
        if self.frontend_url:
            sources["FRONTEND_URLS"] = ("FRONTEND_URL", self.sources.get("FRONTEND_URL", "default"))
        found |= {"FRONTEND_URLS": self.front_ends, "PEOPLE": "accounts.people.People", "SOURCES": sources}
        return found
