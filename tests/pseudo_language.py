"""A language in which every marked text stands between « and »: what a page shows outside of them is not marked."""

import ast
import re
import struct
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.utils.translation.template import templatize

CODE = "xx"
_ROOT = Path(__file__).parents[1]
_PACKAGES = ("fairlead", "accounts", "oidc_login", "userpools", "sdkclients", "config", "templates")
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def _calls(source: str) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _CALLS:
            given = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if given:
                yield tuple(given[:2] if node.func.id.startswith("ngettext") else given[:1])


def _of_template(source: str) -> Iterator[tuple[str, ...]]:
    # Python-like text: each message as a call, everything else as XXX.
    for call in re.findall(
        r"n?gettext\((?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|[^()'\"])*\)|_\(\"[^\"]*\"\)", source
    ):
        yield from _calls(call)


def messages() -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for folder in _PACKAGES:
        for path in (_ROOT / folder).rglob("*"):
            if path.suffix == ".py" and "migrations" not in path.parts:
                found |= set(_calls(path.read_text(encoding="utf-8")))
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                found |= set(_of_template(templatize(path.read_text(encoding="utf-8"))))
    return found


def write(folder: Path) -> None:
    """The catalog as a .mo file (GNU gettext manual, 10.3)."""
    entries = {b"": _HEADER.encode()}
    for each in messages():
        entries["\0".join(each).encode()] = "\0".join(f"«{text}»" for text in each).encode()
    ids = sorted(entries)
    start, heap, table = 28 + 16 * len(ids), b"", ([], [])
    for column, texts in zip(table, (ids, [entries[each] for each in ids]), strict=True):
        for text in texts:
            column += [len(text), start + len(heap)]
            heap += text + b"\0"
    numbers = [0x950412DE, 0, len(ids), 28, 28 + 8 * len(ids), 0, 0, *table[0], *table[1]]
    target = folder / CODE / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    target.write_bytes(struct.pack(f"<{len(numbers)}I", *numbers) + heap)


class _Shown(HTMLParser):
    """What can be seen or is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style", "code"}
        self.texts += [f"\n{value}\n" for name, value in attrs if name in {"alt", "aria-label", "placeholder", "title"}]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style", "code"}

    def handle_data(self, data: str) -> None:
        self.texts += [] if self._silent else [data]


def unmarked(page: str) -> list[str]:
    """The words of a page that stand outside of every mark."""
    reader, depth, left = _Shown(), 0, []
    reader.feed(page)
    for letter in "".join(reader.texts):
        depth += (letter == "«") - (letter == "»")
        left.append(" " if depth or letter == "»" else letter)
    return re.findall(r"[^\W\d_]{2,}", "".join(left))
