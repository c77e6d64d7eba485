"""How the text of a variable becomes a value. Each parser raises ValueError saying what is wrong with it."""

import re
from collections.abc import Callable

import environ

from fairlead import origins

_QUOTED = re.compile(r"""\A(?:"([^"]*)"|'([^']*)')(?:\s+#.*)?\Z""")
_COMMENTED = re.compile(r"\A(.*?)\s+#.*\Z")
_FALSE = frozenset({"false", "off", "no", "n", "0", ""})


def text(value: str) -> str:
    return value


def guide(value: str) -> str:
    """A value out of a provider's guide, which may have arrived with its quotes and its trailing comment.

    `.env` is parsed by python-dotenv, which removes both; `docker --env-file` and process managers do not.
    """
    value = value.strip()
    if quoted := _QUOTED.match(value):
        return quoted.group(1) if quoted.group(1) is not None else quoted.group(2)
    if commented := _COMMENTED.match(value):
        return commented.group(1)
    return value


def flag(value: str) -> bool:
    lowered = guide(value).lower()
    if lowered in environ.Env.BOOLEAN_TRUE_STRINGS:
        return True
    if lowered in _FALSE:
        return False
    raise ValueError("is neither true nor false")


def count(value: str) -> int:
    number = int(guide(value))
    if number < 0:
        raise ValueError("is negative")
    return number


def seconds(value: str) -> int:
    number = count(value)
    if not 1 <= number <= 3600:
        raise ValueError("is not a number of seconds between 1 and 3600")
    return number


def items(value: str) -> tuple[str, ...]:
    return tuple(item for item in re.split(r"[,\s]+", guide(value)) if item)


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        chosen = guide(value).lower()
        if chosen not in choices:
            raise ValueError("is none of " + ", ".join(choice for choice in choices if choice))
        return chosen

    return parse


def site(value: str) -> str:
    """An address of ours or of a front end: scheme, host, port. Everything we build is appended to it."""
    return origins.exactly(guide(value))


def optional_site(value: str) -> str:
    return site(value) if guide(value) else ""


def sites(value: str) -> tuple[str, ...]:
    return tuple(site(item) for item in items(value))
