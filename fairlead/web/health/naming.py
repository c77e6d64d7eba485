"""Settings as their operator knows them: name, value unless it is a secret, and where the value stands."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from fairlead.conf import Source, conf, source

SECRET = frozenset({"ENCRYPTION_KEYS", "OIDC_CLIENT_SECRET", "OUTBOUND_PROXY"})


def of_django(key: str) -> Source:
    """A setting of Django's own, or the variable that it is made from: `DATABASES` is DATABASE_URL here."""
    try:
        sources = conf().sources or {}
    except ImproperlyConfigured:
        sources = {}
    return Source(*sources.get(key, (key, "settings")))


def name(key: str) -> str:
    """`DATABASE_URL (.env)`: the name and where its value stands."""
    found = of_django(key)
    return f"{found.name} ({found.place})"


def setting(key: str) -> str:
    """`TRUSTED_PROXIES=1 (.env)`, of a key of FAIRLEAD."""
    found = source(key)
    shown = "" if key in SECRET else f"={written(getattr(conf(), key.lower()))}"
    return f"{found.name}{shown} ({found.place})"


def written(value: Any) -> str:
    """As it stands in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
