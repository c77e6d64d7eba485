"""docs/error-codes.md and docs/troubleshooting.md, written from the tables of codes and causes: `make docs`."""

from collections.abc import Iterator
from pathlib import Path

from config import explained, troubleshooting
from config.environment import ROOT
from config.explained import Explained
from config.markdown import headline, sentence

_CODES = """\
# Error codes

Written by `make docs` from `fairlead/web/codes.py` and `fairlead/causes.py`.

Every error is a problem document (RFC 9457) whose `code` is one of these; codes are stable, texts are not.
At the OpenID Connect callback the code is the `error` parameter of the redirect to `/login`; those marked *redirect*
occur only there.

| code | status | when |
|---|---|---|
"""
_EACH = """
A fault of ours is a 500 with `code` `internal_error` and a `requestId` that leads to the log line. Nobody should ever
see it.

## What each means, and what to do

What the person is told, and below it what can be behind it, for whoever can mend it: by the cause's id, as the log and
the record have it, with *italics* for what the log line fills in. By what one sees:
[troubleshooting.md](troubleshooting.md).
"""


def files() -> dict[Path, str]:
    """What each file has to hold."""
    every = explained.codes()
    return {
        ROOT / "docs" / "error-codes.md": _codes(every),
        ROOT / "docs" / "troubleshooting.md": troubleshooting.document(every),
    }


def _codes(every: list[Explained]) -> str:
    rows = "".join(f"| `{each.code}` | {each.status} | {each.when} |\n" for each in every)
    told = (each for each in every if each.told or each.causes)
    return _CODES + rows + _EACH + "".join(line + "\n" for each in told for line in _section(each))


def _section(each: Explained) -> Iterator[str]:
    yield from ("", f"### `{each.code}`", "")
    if each.told:
        yield f"> **{headline(each.told.title)}** {each.told.cause} {each.told.remedy} {each.told.in_an_app}".rstrip()
        yield ""
    yield from (f"* `{name}`: {sentence(found.operator)}" for name, found in each.causes.items())


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
