"""Settings as their operator knows them: name, value unless it is a secret, and where the value stands.

A rule of ours that refused somebody names what it was set to at that moment: `noted` puts it among the cause's facts.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from fairlead.causes import SET_TO, TABLE, Cause
from fairlead.conf import conf, source

SECRET = frozenset({"ENCRYPTION_KEYS", "OIDC_CLIENT_SECRET", "OUTBOUND_PROXY"})
_LONGEST = 50  # characters of one value among a cause's facts


def setting(key: str) -> str:
    """`TRUSTED_PROXIES=1 (.env)`, of a key of FAIRLEAD."""
    found = source(key)
    shown = "" if key in SECRET else f"={written(getattr(conf(), key.lower()))}"
    return f"{found.name}{shown} ({found.place})"


def decided(key: str, value: Any, place: str) -> str:
    """The same for a value that the settings alone do not decide: it may stand in the admin. Short."""
    text = written(value)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f"{source(key).name}{'' if key in SECRET else f'={shown}'} ({place})"


def noted(why: Cause, settings: Iterable[str] = ()) -> Cause:
    """The cause with what its settings were set to: `settings` as they were decided, else by the configuration alone.

    One that says it already is left as it is.
    """
    found = TABLE.get(why.id)
    if found is None or SET_TO in why.facts:
        return why
    told = list(settings) or [decided(key, getattr(conf(), key.lower()), source(key).place) for key in found.settings]
    if not told:
        return why
    return Cause(why.id, why.code, MappingProxyType({**why.facts, SET_TO: ", ".join(told)}))


def written(value: Any) -> str:
    """As it stands in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
