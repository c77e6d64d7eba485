"""The fenced blocks of a page of the documentation, in order, each with the heading that it stands under."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.house import ROOT

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$|^(#+ [^\n]*)$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    page: str
    heading: str
    language: str
    text: str

    @property
    def first_line(self) -> str:
        return self.text.strip().partition("\n")[0].strip()

    def __str__(self) -> str:
        return f"{self.page}, {self.heading}: {self.first_line}"


def blocks(page: str) -> list[Block]:
    """`page` is a path below the root of the repository."""
    found, heading = [], ""
    for match in _FENCE.finditer((ROOT / Path(page)).read_text(encoding="utf-8")):
        if match[3]:
            heading = match[3].lstrip("# ")
        else:
            found.append(Block(page, heading, match[1], match[2]))
    return found


def block(page: str, holding: str) -> str:
    """The text of the one block of the page that holds this."""
    (found,) = [each.text for each in blocks(page) if holding in each.text]
    return found
