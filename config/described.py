"""What a row of the table of variables is made of: how its text becomes a value, its default and its meaning."""

from collections.abc import Callable
from dataclasses import field
from typing import Any

from fairlead import conf

SETTINGS = {key: (meaning, default) for key, meaning, default in conf.known()}


def variable(
    parse: Callable[[str], Any], default: Any, meaning: str, *, example: str = "", secret: bool = False, part: str = ""
) -> Any:
    """`part` begins a new part of the table."""
    told = {"parse": parse, "meaning": meaning, "example": example, "secret": secret, "part": part}
    return field(default=default, metadata=told)


def setting(key: str, parse: Callable[[str], Any], *, example: str = "", secret: bool = False, part: str = "") -> Any:
    meaning, default = SETTINGS[key]
    return variable(parse, default, meaning, example=example, secret=secret, part=part)
