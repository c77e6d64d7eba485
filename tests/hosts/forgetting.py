"""A newcomer leaves out one line of the settings that a page of the documentation tells."""

import re
from collections.abc import Iterable

from tests.hosts.host import Host

_NAME = re.compile(r'"([\w.]{4,})"')


def lines(block: str) -> list[str]:
    """Those of the block that name something of ours, or give it a value."""
    return [line for line in block.splitlines() if _NAME.search(line) and not line.endswith(("[", "{"))]


def silent(host: Host, lines: Iterable[str]) -> list[str]:
    """The lines without which `check` does not name what is missing."""
    kept = host.settings.read_text(encoding="utf-8")
    found = []
    try:
        for line in lines:
            name = _NAME.findall(line)[0]
            begins = line.strip().partition(":")[0]
            written = next(each for each in kept.splitlines() if each.strip().startswith(begins))
            host.settings.write_text(kept.replace(f"{written}\n", "", 1), encoding="utf-8")
            if name not in host.manage("check", fails=None):
                found.append(line)
    finally:
        host.settings.write_text(kept, encoding="utf-8")
    return found
