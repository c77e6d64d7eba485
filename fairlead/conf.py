"""Every setting: `FAIRLEAD = {...}` in the Django settings, typed, each with its default and meaning.

    from fairlead.conf import conf
    conf().origin

Read when it is needed, never while a module is imported: a test's override then counts, and `manage.py check` can
speak. What is unknown, missing or of the wrong kind is an error of `check`, with the line to paste; no message shows a
given value, since it may be a secret.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache, wraps
from typing import Any, NamedTuple

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from fairlead import origins

NEW_ENCRYPTION_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


def _setting(read: Callable[[Any], Any], meaning: str, *, default: Any = MISSING, example: str = "") -> Any:
    """`read` turns what stands in the settings into the value, or raises ValueError saying what it has to be."""
    metadata = {"read": read, "meaning": meaning, "example": example}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("True or False")
    return value


def _count(value: Any) -> int:
    # bool is an int to Python.
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("a whole number from 0")
    return value


def _seconds(value: Any) -> int:
    if not 1 <= _count(value) <= 3600:
        raise ValueError("a number of seconds from 1 to 3600")
    return int(value)


def _texts(value: Any) -> tuple[str, ...]:
    # A bare string is a sequence of strings too: "abc" would be read as ("a", "b", "c").
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise ValueError("a list of texts")
    return tuple(_text(each) for each in value)


def few(value: Any) -> int:
    if not 1 <= _count(value) <= 64:
        raise ValueError("a whole number from 1 to 64")
    return int(value)


class Rate(str):
    """A limit, written as `times/seconds`."""

    __slots__ = ()

    def __new__(cls, value: Any) -> "Rate":
        if not re.fullmatch(r"[1-9][0-9]{0,6}/[1-9][0-9]{0,5}", _text(value)):
            raise ValueError('a list of limits, each written as times/seconds: "5/60"')
        return super().__new__(cls, value)

    @property
    def times(self) -> int:
        return int(self.partition("/")[0])

    @property
    def seconds(self) -> int:
        return int(self.partition("/")[2])


def rate(value: Any) -> Rate:
    try:
        return Rate(value)
    except ValueError:
        raise ValueError('a limit written as times/seconds: "5/60"') from None


def rates(value: Any) -> tuple[Rate, ...]:
    """An empty list would be no limit at all: RATE_LIMITS turns all of them off."""
    if not (found := tuple(map(Rate, _texts(value)))):
        raise ValueError('a list with one limit at least, written as times/seconds: "5/60"')
    return found


def _origin(value: Any) -> str:
    try:
        return origins.exactly(_text(value))
    except ValueError:
        raise ValueError("scheme, host and port such as https://shop.example.org, without a path") from None


def _origins(value: Any) -> tuple[str, ...]:
    return tuple(_origin(each) for each in _texts(value))


def line(value: Any) -> str:
    """Goes into the subjects and senders of mails, where a second line would be another header."""
    if not (found := _text(value).strip()) or not found.isprintable():
        raise ValueError("a name, on one line")
    return found


def color(value: Any) -> str:
    """Goes into style sheets: nothing else may stand in it."""
    if not re.fullmatch(r"(#[0-9A-Fa-f]{6})?", _text(value)):
        raise ValueError("a colour as # and six digits")
    return str(value)


def page(value: Any) -> str:
    """Goes into links: `javascript:` is an address too."""
    if not re.fullmatch(r"((https?://|mailto:|/(?!/))[^\s\"'<>\\]+)?", _text(value)):
        raise ValueError("an address that begins with https:, http:, mailto: or, on this site, /")
    return str(value)


def own_path(value: Any) -> str:
    """The browser loads it by itself, and our policy lets it load from our own site alone."""
    if not re.fullmatch(r"(/(?!/)[^\s\"'<>\\]+)?", _text(value)):
        raise ValueError("a path of this site, which begins with /")
    return str(value)


def _encryption_keys(value: Any) -> tuple[str, ...]:
    keys = _texts(value)
    try:
        if not all(Fernet(key) for key in keys):
            raise ValueError
    except ValueError:
        raise ValueError(f"a list of Fernet keys; make one with: {NEW_ENCRYPTION_KEY}") from None
    if not keys:
        raise ValueError(f"a list with one Fernet key at least; make one with: {NEW_ENCRYPTION_KEY}")
    return keys


def _one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError("one of " + ", ".join(repr(choice) for choice in choices))
        return str(value)

    return read


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise ValueError("a dictionary with texts as keys")
    return value


@dataclass(frozen=True, kw_only=True, slots=True)
class Conf:
    """The field's name in upper case is the key. None: not set here; the admin's value counts, else the default."""

    origin: str = _setting(
        _origin, "where people reach this service; every address that we build begins with it",
        example='"https://shop.example.org"',
    )  # fmt: skip
    encryption_keys: tuple[str, ...] = _setting(
        _encryption_keys, "Fernet keys for stored secrets; the first encrypts, all decrypt",
        example='["<printed by: python -m fairlead.newkey>"]',
    )  # fmt: skip
    frontend_urls: tuple[str, ...] = _setting(
        _origins, "origins where sign-ins may end; the first is the default; empty: ORIGIN", default=()
    )
    people: str = _setting(
        _text, "dotted path of the class that speaks for this project's users", default="oidc_login.people.People",
    )  # fmt: skip
    wipe: tuple[str, ...] = _setting(
        _texts, "models of this project (app.Model) whose rows go when an account's address turns out to be "
        "somebody else's", default=(),
    )  # fmt: skip
    app_user_clients: Mapping[str, Any] | None = _setting(
        _or_none(_mapping),
        "whose app users are accepted: lists of ids under clients, pools or organizations",
        default=None,
    )
    trusted_proxies: int = _setting(
        _count, "how many proxies in front append to X-Forwarded-For; only the outermost one's entry counts", default=0
    )
    rate_limits: bool = _setting(_flag, "rate limits, on or off", default=True)
    rate_limit_login: tuple[Rate, ...] = _setting(
        rates, "wrong passwords for one account from one client network, each limit as times/seconds",
        default=(Rate("10/60"), Rate("50/3600")), example='["10/60", "50/3600"]',
    )  # fmt: skip
    rate_limit_login_per_network: tuple[Rate, ...] = _setting(
        rates, "wrong passwords from one client network for all accounts together; networks are shared, so ten times"
        " RATE_LIMIT_LOGIN", default=(Rate("100/60"), Rate("1000/3600")), example='["100/60", "1000/3600"]',
    )  # fmt: skip
    rate_limit_register: str = _setting(rate, "new accounts from one client network", default=Rate("5/60"))
    rate_limit_initiate: str = _setting(
        rate, "sign-ins at providers begun from one client network", default=Rate("120/60")
    )
    rate_limit_exchange: str = _setting(
        rate, "codes exchanged from one client network; as many mobile exchanges, and links", default=Rate("60/60")
    )
    rate_limit_refresh: str = _setting(rate, "refreshes from one client network", default=Rate("120/60"))
    rate_limit_mails: str = _setting(
        rate, "mails that one account orders, or one client network for one address; four times as many to"
        " one address, and as many again from where its account was used",
        default=Rate("5/3600"),
    )  # fmt: skip
    rate_limit_app_user_id_token: str = _setting(
        rate, "tokens of hosted pools issued to one API key or person", default=Rate("600/60")
    )
    password_hash_threads: int = _setting(
        few,
        "how many passwords a process hashes at once, at 19 MiB each; three times as many may wait",
        default=2,
    )
    audit_days: int = _setting(_count, "days that audit events are kept", default=400)
    refusal_days: int = _setting(_count, "days that refusals are kept", default=90)
    record_lines: str = _setting(
        _text, "where each event and refusal goes as a line of JSON too: stdout, or a file's path; empty: nowhere",
        default="",
    )  # fmt: skip
    mail_in_background: bool = _setting(_flag, "send mails from a thread, not from the request", default=True)

    site_name: str = _setting(line, "the name that pages and mails give this service", default="Fairlead")
    site_logo: str = _setting(
        own_path, "path of a logo on this site; empty: ours", default="", example='"/static/logo.svg"'
    )
    site_color: str = _setting(color, "the pages' accent colour; empty: ours", default="", example='"#0b5fff"')
    terms_url: str = _setting(
        page, "address of the terms of use", default="", example='"https://shop.example.org/terms"'
    )
    privacy_url: str = _setting(
        page, "address of the privacy statement", default="", example='"https://shop.example.org/privacy"'
    )
    support_url: str = _setting(
        page, "address of help for people", default="", example='"mailto:help@shop.example.org"'
    )

    outbound_proxy: str = _setting(
        _text, "an http proxy for calls to public addresses; never taken from HTTPS_PROXY", default=""
    )
    outbound_ca_bundle: str = _setting(
        _text, "a file of certificate authorities for outbound calls; empty: certifi's", default=""
    )
    oidc_private_origins: tuple[str, ...] = _setting(
        _origins, "exact origins of sign-in providers that may be http or at a private address", default=()
    )
    pool_private_origins: tuple[str, ...] = _setting(
        _origins, "exact origins of user pools that may be http or at a private address", default=()
    )

    oidc_enabled: bool = _setting(_flag, "enable the provider named by the OIDC_ settings", default=False)
    oidc_provider_name: str = _setting(_text, "name on the sign-in button", default="OpenID Connect")
    oidc_issuer_url: str = _setting(
        _text, "the provider's issuer, exactly as in its discovery document, to the last slash", default=""
    )
    oidc_client_id: str = _setting(_text, "our client id at the provider", default="")
    oidc_client_secret: str = _setting(_text, "its secret; empty for a public client", default="")
    oidc_client_auth: str = _setting(
        _one_of("", "post", "basic"),
        "how the secret is sent, post or basic; empty: as the provider's metadata says",
        default="",
    )
    oidc_scopes: str = _setting(_text, "scopes that are asked for", default="openid email profile")
    oidc_trust_email: str = _setting(
        _one_of("never", "absent", "always"), "when an address counts as verified: never (only with"
        " email_verified: true), absent (without the flag too) or always",
        default="never",
    )  # fmt: skip
    oidc_linking: str = _setting(
        _one_of("verified_email", "confirm", "never"), "how a sign-in meets an account with that address:"
        " verified_email, confirm (asks for its password) or never",
        default="verified_email",
    )  # fmt: skip
    oidc_mobile_client_ids: tuple[str, ...] = _setting(
        _texts, "client ids of our mobile apps at the provider", default=()
    )
    oidc_state_ttl: int = _setting(_seconds, "seconds a person has at the provider", default=60)
    oidc_exchange_code_ttl: int = _setting(_seconds, "seconds the front end has to exchange the code", default=30)
    oidc_signup: str | None = _setting(
        _or_none(_one_of("follow", "always")), "new people through a provider: follow"
        " USER_SIGNUP, or always; None: what the admin says",
        default=None,
    )  # fmt: skip
    user_signup: str | None = _setting(
        _or_none(_one_of("enabled", "review", "disabled")),
        "registration: enabled, review (an administrator approves) or disabled; None: what the admin says",
        default=None,
    )
    signup_email_domains: tuple[str, ...] | None = _setting(
        _or_none(_texts), "domains of which new people may be; None: what the admin says", default=None
    )
    pending_mails_to: tuple[str, ...] | None = _setting(
        _or_none(_texts), "addresses that are mailed, at most once an hour, when people wait for approval; not set: all"
        " staff who may change people", default=None,
    )  # fmt: skip
    disable_internal_auth: bool | None = _setting(
        _or_none(_flag), "no sign-in by password, while a provider is enabled; None: what the admin says", default=None
    )
    trust_local_email: bool = _setting(
        _flag,
        "count an address typed at registration as verified: only for networks where everybody is known",
        default=False,
    )
    refresh_reuse_grace: int = _setting(
        _count,
        "seconds in which a rotated refresh token gives the same successor again (two browser tabs); 0: never",
        default=10,
    )
    admin_email: str = _setting(
        _text, "whoever proves this address, by a provider or a followed link, becomes administrator", default=""
    )
    sources: Mapping[str, Any] | None = _setting(
        _or_none(_mapping), "per key the name its operator knows it by, and where the value came from", default=None
    )

    @property
    def on_https(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def frontend_url(self) -> str:
        """Where a sign-in ends that named no place."""
        return self.frontend_urls[0] if self.frontend_urls else self.origin


class Source(NamedTuple):
    """`name` is what the operator calls the setting, `place` where its value stands."""

    name: str
    place: str


_FIELDS = {each.name.upper(): each for each in fields(Conf)}


@cache
def conf() -> Conf:
    """The settings, read once per process. Raises ImproperlyConfigured, listing every fault at once."""
    values, faults = _parse(getattr(settings, "FAIRLEAD", None))
    if faults:
        raise ImproperlyConfigured("\n".join(f"{fault.msg} {fault.hint or ''}".strip() for fault in faults))
    return Conf(**values)


def source(key: str) -> Source:
    """Where the value of a key (in upper case) came from, for whoever has to change it."""
    if given := (conf().sources or {}).get(key):
        return Source(*given)
    return Source(f'FAIRLEAD["{key}"]', "settings" if key in settings.FAIRLEAD else "default")


def known() -> Iterable[tuple[str, str, Any]]:
    """Key, meaning and default (MISSING: required) of every setting, in order: for the docs and the doctor."""
    return ((key, each.metadata["meaning"], each.default) for key, each in _FIELDS.items())


def needed() -> Iterable[tuple[str, str]]:
    """Key and example of every setting without a default."""
    return ((key, each.metadata["example"]) for key, each in _FIELDS.items() if each.default is MISSING)


def _parse(given: object) -> tuple[dict[str, Any], list[CheckMessage]]:
    values: dict[str, Any] = {}
    if not isinstance(given, Mapping):
        lines = ", ".join(f'"{key}": {example}' for key, example in needed())
        hint = f"Add to the settings: FAIRLEAD = {{{lines}}}"
        return values, [Error("The setting FAIRLEAD is missing.", hint=hint, id="fairlead.E001")]
    faults = [_unknown(str(name)) for name in given if name not in _FIELDS]
    for key, each in _FIELDS.items():
        fault = _read(key, each, given, values)
        faults += [fault] if fault else []
    return values, faults


def _unknown(name: str) -> CheckMessage:
    near = difflib.get_close_matches(name.upper(), _FIELDS, n=1, cutoff=0.5)
    hint = f'Did you mean "{near[0]}"?' if near else f"Known are: {', '.join(sorted(_FIELDS))}."
    return Error(f'FAIRLEAD["{name}"] is no setting of Fairlead.', hint=hint, id="fairlead.E003")


def _read(key: str, each: Any, given: Mapping[str, Any], values: dict[str, Any]) -> CheckMessage | None:
    meaning, example = each.metadata["meaning"], each.metadata["example"] or repr(each.default)
    if key not in given:
        if each.default is not MISSING:
            return None
        return Error(f'FAIRLEAD["{key}"] is missing: {meaning}.', hint=f'Add: "{key}": {example},', id="fairlead.E002")
    try:
        values[each.name] = each.metadata["read"](given[key])
    except ValueError as wanted:
        return Error(
            f'FAIRLEAD["{key}"] has to be {wanted}. It means: {meaning}.', hint=f'For example: "{key}": {example},',
            id="fairlead.E004",
        )  # fmt: skip
    return None


def after_settings(check: Callable[..., list[CheckMessage]]) -> Callable[..., list[CheckMessage]]:
    """For a system check that reads the settings: while they have faults it finds nothing, and `check` names those."""

    @wraps(check)
    def checked(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
        return [] if _parse(getattr(settings, "FAIRLEAD", None))[1] else check(app_configs, **kwargs)

    return checked


@register("fairlead")
def check(app_configs: Any, **_: Any) -> list[CheckMessage]:
    return _parse(getattr(settings, "FAIRLEAD", None))[1]


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "FAIRLEAD":
        conf.cache_clear()


setting_changed.connect(_forget, dispatch_uid="fairlead.conf")
