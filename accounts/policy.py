"""Who may come in, and how: the environment, else the admin's row, else the default, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from accounts.models import SignInPolicy
from fairlead import named_settings
from fairlead.conf import conf, source
from fairlead.web import seams

_FIELDS = {
    "USER_SIGNUP": "mode",
    "OIDC_SIGNUP": "oidc_signup",
    "DISABLE_INTERNAL_AUTH": "disable_internal_auth",
    "SIGNUP_EMAIL_DOMAINS": "email_domains",
}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The values that hold now. `sources` says where each came from: environment, .env, admin or default."""

    mode: str
    oidc_signup: str
    disable_internal_auth: bool
    """What was asked for. Whether it takes effect is `password_sign_in_allowed`'s to say."""
    email_domains: tuple[str, ...] | None
    sources: Mapping[str, str]

    def named(self, key: str) -> str:
        """`USER_SIGNUP=disabled (admin)`: a setting as it holds now."""
        field = _FIELDS[key]
        return named_settings.decided(key, getattr(self, field), self.sources[field])

    def all_named(self) -> Mapping[str, str]:
        """All of them, by their keys."""
        return {key: self.named(key) for key in _FIELDS}

    def domain_allowed(self, canonical: str) -> bool:
        """Whether somebody new may have this address, by its domain. An empty list allows none."""
        allowed = self.email_domains
        return allowed is None or canonical.partition("@")[2] in {each.lower().lstrip("@") for each in allowed}


def current() -> Policy:
    """One query."""
    row = SignInPolicy.objects.filter(pk=1).first()
    values = conf()
    sources: dict[str, str] = {}

    def choose(field: str, variable: str, stored: Any, default: Any) -> Any:
        from_environment = getattr(values, variable.lower())
        if from_environment is not None:
            sources[field] = source(variable).place
            return from_environment
        sources[field] = "default" if stored is None or stored == "" else "admin"
        return default if sources[field] == "default" else stored

    domains = choose("email_domains", "SIGNUP_EMAIL_DOMAINS", row and row.signup_email_domains, None)
    return Policy(
        mode=choose("mode", "USER_SIGNUP", row and row.registration_mode, "enabled"),
        oidc_signup=choose("oidc_signup", "OIDC_SIGNUP", row and row.oidc_signup, "follow"),
        disable_internal_auth=choose(
            "disable_internal_auth", "DISABLE_INTERNAL_AUTH", row and row.disable_internal_auth, False
        ),
        email_domains=None if domains is None else tuple(domains),
        sources=MappingProxyType(sources),
    )


def password_sign_in_allowed() -> bool:
    """Passwords are refused only while a provider is enabled and configured, or nobody could come in at all.

    Configured by settings, never by whether the provider answers: an outage must not open a door that was closed.
    """
    if not current().disable_internal_auth:
        return True
    return not any(configured() for configured in seams.other_ways_in)
