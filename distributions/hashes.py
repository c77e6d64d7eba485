"""`python -m distributions.hashes` writes the SHA-256 of every file of each pinned version into the requirements files.

The files are those that pip's own index offers, for all platforms, so that one file installs everywhere. Run it after
a version was changed, and read the difference: hashes that change under a version that did not are somebody's doing.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from distributions.staging import ROOT

FILES = ("requirements.txt", "requirements-demo.txt", "requirements-dev.txt")
_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[\w.]+)(?: ; [^\\]*[^\\ ])?")
# Name of a project to its files: their names, each with its SHA-256.
Offered = Callable[[str], Iterable[tuple[str, str]]]


def written(text: str, offered: Offered) -> str:
    """The text of a requirements file with the hashes that are offered now. Raises LookupError where there is none."""
    lines = []
    for line in text.splitlines():
        pin = _PIN.match(line)
        if pin:
            found = of(pin["name"], pin["version"], offered(pin["name"]))
            lines.append(" \\\n    ".join([pin[0], *(f"--hash=sha256:{each}" for each in found)]))
        elif not line.startswith(" "):
            lines.append(line)
    return "\n".join([*lines, ""])


def of(name: str, version: str, files: Iterable[tuple[str, str]]) -> list[str]:
    found = {digest for file, digest in files if _belongs(file, name, version)}
    if not found:
        raise LookupError(f"The index offers no file of {name}=={version} with a SHA-256.")
    return sorted(found)


def _belongs(file: str, name: str, version: str) -> bool:
    try:
        parsed = parse_wheel_filename(file)[:2] if file.endswith(".whl") else parse_sdist_filename(file)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return False
    return parsed == (canonicalize_name(name), Version(version))


@contextmanager
def by_pip() -> Iterator[Offered]:
    """As pip is configured here: its index, its proxy, its certificates.

    pip has no public command that tells all files of a version; this was written for pip 23 to 25.
    """
    from pip._internal.commands import create_command
    from pip._internal.index.collector import LinkCollector, parse_links
    from pip._internal.models.link import Link

    command = create_command("download")
    options, _ = command.parse_args(["--quiet", "-"])
    with command.main_context():
        collector = LinkCollector.create(command.get_default_session(options), options)

        def offered(name: str) -> Iterator[tuple[str, str]]:
            for address in collector.search_scope.get_index_urls_locations(name):
                page = collector.fetch_response(Link(address))
                for link in parse_links(page) if page else ():
                    if link.hash_name == "sha256" and link.hash:
                        yield link.filename, link.hash

        yield offered


def main() -> int:
    with by_pip() as offered:
        for path in (ROOT / name for name in FILES):
            before = path.read_text(encoding="utf-8")
            after = written(before, offered)
            path.write_text(after, encoding="utf-8")
            print(f"{path.name}: {after.count('--hash=')} hashes{'' if before == after else ', changed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
