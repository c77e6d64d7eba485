"""docs/settings.md and .env.example, written from the tables of settings and variables: `make docs`."""

import textwrap
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from config.environment import ROOT, example_of
from config.variables import RENAMED, Environment
from fairlead import conf

_WIDTH = 118


def files() -> dict[Path, str]:
    """What each file has to hold."""
    return {
        ROOT / ".env.example": "\n".join(_example()) + "\n",
        ROOT / "docs" / "settings.md": "\n".join(_document()) + "\n",
    }


def _variables() -> Iterator[tuple[str, Any, Any]]:
    """Name, default, and what the table tells besides."""
    return ((each.name.upper(), each.default, each.metadata) for each in fields(Environment) if each.name != "sources")


def _example() -> Iterator[str]:
    yield "# Every variable that Fairlead reads, with its default. Copy to .env and keep what you change."
    yield "# A variable marked (secret) is also read from the file that NAME_FILE names, such as"
    yield "# SECRET_KEY_FILE=/run/secrets/key. The process environment beats this file. Written by `make docs`."
    for name, default, told in _variables():
        if told["part"]:
            yield f"\n# --- {told['part']} ".ljust(_WIDTH, "-")
        meaning = f"{'(secret) ' if told['secret'] else ''}{_sentence(told['meaning'])}"
        meaning += f" Example: {told['example']}" if told["example"] else ""
        yield from (f"# {line}" for line in textwrap.wrap(meaning, _WIDTH - 2, break_long_words=False))
        yield f"{name}={example_of(default)}"


def _document() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield "Written by `make docs` from `config/variables.py` and `fairlead/conf.py`."
    yield ""
    yield "## The service: variables of the environment"
    yield ""
    yield from _paragraph(
        "Read from the process environment, then from `.env` beside the README, or from the file that `ENV_FILE` names."
        " Each secret may also stand in a file: `SECRET_KEY_FILE=/run/secrets/key`. Lists are separated by commas. An"
        " empty value means: not set."
    )
    for name, default, told in _variables():
        if told["part"]:
            yield from ("", f"### {told['part']}", "", "| variable | default | meaning |", "|---|---|---|")
        meaning = _sentence(told["meaning"]) + (" *Secret.*" if told["secret"] else "")
        meaning += f" Example: `{told['example']}`." if told["example"] else ""
        yield f"| `{name}` | {_code(example_of(default))} | {_cell(meaning)} |"
    yield from ("", "### The server", "")
    yield from _paragraph(
        "gunicorn.conf.py reads four more, from the process environment alone: `BIND` (127.0.0.1:8000), the address and"
        " port it listens on; `WEB_CONCURRENCY` (2), the number of its processes; `THREADS` (16) of each, with a"
        " connection to the database of their own; `DRAIN_SECONDS` (0), how long a load balancer that asks `/readyz`"
        " needs to notice that this server is about to stop."
    )
    yield from ("", "## In a project of your own: `FAIRLEAD`", "")
    yield from _paragraph(
        "Two keys are needed; `manage.py check` says which line is missing, and refuses what is misspelt or of the"
        " wrong kind. The last column is the variable that sets it in this repository's own service."
    )
    yield from ("", "```python", "FAIRLEAD = {", *_needed(), "}", "```", "")
    yield from ("| key | default | meaning | variable |", "|---|---|---|---|")
    ours = {name for name, _, _ in _variables()}
    for key, meaning, default in conf.known():
        variable = RENAMED.get(key, key)
        named = f"`{variable}`" if variable in ours else ""
        shown = "needed" if default is MISSING else f"`{_python(default)}`"
        yield f"| `{key}` | {shown} | {_cell(_sentence(meaning))} | {named} |"


def _needed() -> Iterator[str]:
    return (f'    "{key}": {example},' for key, example in conf.needed())


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _paragraph(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _python(value: Any) -> str:
    return repr(list(value) if isinstance(value, tuple) else value).replace("'", '"')


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
