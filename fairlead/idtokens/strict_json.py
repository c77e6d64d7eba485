"""JSON as strangers send it, read without surprises: for tokens, key sets, metadata and userinfo alike.

Refused although Python's reader takes them: repeated members (two readers would see two different documents), NaN and
infinities, lone surrogates and NUL (a database cannot store them, so they would become a 500 much later), and nesting
so deep that it exhausts the stack.
"""

import json
import math
import re
from json.scanner import make_scanner
from typing import Any, NoReturn


class NotStrictJson(ValueError):
    """The text is not JSON, or JSON of a kind that we refuse."""


def loads(raw: bytes | str, *, unstorable: bool = False) -> Any:
    """The value of this JSON text. Raises NotStrictJson, and nothing else.

    With `unstorable`, lone surrogates and NUL are let through: whoever checks each text by itself can say where it is.
    """
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8")
        value, end = _scan(text, 0) if text.startswith(("{", "[")) else (None, -1)
        if end != len(text):
            value = _decode(text)
    except UnicodeDecodeError:
        raise NotStrictJson("is not UTF-8") from None
    except NotStrictJson:
        raise
    except RecursionError:
        raise NotStrictJson("is nested too deeply") from None
    except (ValueError, StopIteration):
        raise NotStrictJson("is not JSON") from None
    # Only an escape can bring these in: UTF-8 has no surrogates, and raw control characters are not JSON.
    if "\\u" in text and not unstorable:
        _refuse_unstorable(value)
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotStrictJson("names one member twice")
    return members


def _not_a_number(text: str) -> NoReturn:
    raise NotStrictJson(f"holds {text}, which is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise NotStrictJson("holds a number beyond all bounds")
    return value


_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_decoder = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_not_a_number, parse_float=_finite)
_decode = _decoder.decode
# What `decode` calls between skipping white space, which tokens hardly ever have around their JSON.
_scan = make_scanner(_decoder)  # type: ignore[arg-type]  # typeshed asks for a scanner to make a scanner


def _refuse_unstorable(value: Any) -> None:
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            if "\x00" in item or any("\ud800" <= char <= "\udfff" for char in item):
                raise NotStrictJson("holds a character that is no text")
        elif isinstance(item, dict):
            todo.extend(item)
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)


def cleaned(document: dict[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """The document with U+FFFD for every character that is no text, and which of its members that changed.

    For texts that are shown: a name with NUL in it must not keep its person out. What identifies somebody is never to
    be taken from a member that was changed, since two different values could have become one. Raises NotStrictJson
    where the name of a member holds such a character, at any depth.
    """
    clean = {_name(name): _cleaned(value) for name, value in document.items()}
    return clean, frozenset(name for name, value in document.items() if clean[name] != value)


def loads_to_show(raw: bytes | str) -> Any:
    """As `loads`, but of an object the texts that are only shown are cleaned; `sub` and `email` have to be text.

    Raises NotStrictJson.
    """
    value = loads(raw, unstorable=True)
    if not isinstance(value, dict):
        return value
    clean, altered = cleaned(value)
    if identifying := sorted(altered & {"sub", "email"}):
        raise NotStrictJson(f"holds a character that is no text in {identifying[0]}")
    return clean


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _NO_TEXT.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_name(name): _cleaned(inner) for name, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, list) else value


def _name(name: str) -> str:
    if _NO_TEXT.search(name):
        raise NotStrictJson("holds a character that is no text")
    return name
