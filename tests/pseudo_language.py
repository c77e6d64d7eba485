"""A language in which every marked text stands between « and »: what a page shows outside of them is not marked."""

import re
import struct
from html.parser import HTMLParser
from pathlib import Path

from distributions import catalogs

CODE = "xx"
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def write(folder: Path) -> None:
    """The catalog as a .mo file (GNU gettext manual, 10.3)."""
    entries = {b"": _HEADER.encode()}
    for each in catalogs.sentences(*(name for names in catalogs.HOMES.values() for name in names)):
        texts = [each.text, each.plural] if each.plural else [each.text]
        entries["\0".join(texts).encode()] = "\0".join(f"«{text}»" for text in texts).encode()
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
