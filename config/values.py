"""How the text of a variable becomes a value. Each parser raises ValueError saying what the value has to be."""

import re
from collections.abc import Callable
from typing import Any

import environ

from fairlead import conf, origins
from fairlead.web.languages import NAMES

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
    raise ValueError("true or false")


def count(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", number := guide(value)):
        raise ValueError("a whole number from 0")
    return int(number)


def few(value: str) -> int:
    return conf.few(count(value))


def rate(value: str) -> conf.Rate:
    return conf.rate(guide(value))


def rates(value: str) -> tuple[conf.Rate, ...]:
    return conf.rates(items(value))


def seconds(value: str) -> int:
    try:
        number = count(value)
    except ValueError:
        number = 0
    if not 1 <= number <= 3600:
        raise ValueError("a number of seconds from 1 to 3600")
    return number


def items(value: str) -> tuple[str, ...]:
    return tuple(item for item in re.split(r"[,\s]+", guide(value)) if item)


def languages(value: str) -> tuple[str, ...]:
    """Codes of languages that we speak, without doubles."""
    codes = tuple(dict.fromkeys(item.lower() for item in items(value)))
    if not codes or not set(codes) <= NAMES.keys():
        raise ValueError("one or more of " + ", ".join(NAMES))
    return codes


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        chosen = guide(value).lower()
        if chosen not in choices:
            raise ValueError("one of " + ", ".join(choice for choice in choices if choice))
        return chosen

    return parse


def site(value: str) -> str:
    """An address of ours or of a front end: scheme, host, port. Everything we build is appended to it."""
    try:
        return origins.exactly(guide(value))
    except ValueError:
        raise ValueError("scheme, host and port, without a path") from None


def sites(value: str) -> tuple[str, ...]:
    return tuple(site(item) for item in items(value))


def as_setting(read: Callable[[Any], Any]) -> Callable[[str], Any]:
    """A text that a host may give as a setting too: the same rule for both."""
    return lambda value: read(guide(value))


line: Callable[[str], Any] = as_setting(conf.line)
color: Callable[[str], Any] = as_setting(conf.color)
page: Callable[[str], Any] = as_setting(conf.page)
own_path: Callable[[str], Any] = as_setting(conf.own_path)


def address_of(service: Callable[[str], Any]) -> Callable[[str], str]:
    """The address of a database, cache or mail server, tried and kept as it is (see config.services)."""

    def parse(value: str) -> str:
        service(value)
        return value

    return parse
