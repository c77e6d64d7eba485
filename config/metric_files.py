"""Where the server's processes keep what they count: a folder of their own for each master, with few files in it.

Each worker writes files under its process id, which prometheus-client adds up at a scrape. What an ended worker
counted must stay in the sums, so it is added to one file of its kind, and its own files go: a server that is reloaded
every hour has as many files after a year as after a day. A scrape needs `unchanged`; all else is the master's.
"""

import fcntl
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)
_PREFIX = "fairlead-metrics-"
_ADDED_UP = ("counter", "histogram")
_ENDED = "ended"
# Set in the master, and known to its workers by their birth.
_begun: Path | None = None


def begin() -> Path:
    """A fresh folder, before the first worker. Those of masters that were killed go."""
    global _begun  # noqa: PLW0603 - one for each server
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if _is_left_over(left):
            shutil.rmtree(left, ignore_errors=True)
    _begun = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    return _begun


def end() -> None:
    """The server ends: nobody will ask any more."""
    if (folder := _folder()) is not None and folder.name.startswith(f"{_PREFIX}{os.getpid()}-"):
        shutil.rmtree(folder, ignore_errors=True)


def ended(pid: int) -> None:
    """A worker is gone: what it held is not held any more, what it counted stays counted."""
    folder = _folder()
    if folder is None:
        return
    for path in folder.glob(f"gauge_live*_{pid}.db"):
        path.unlink(missing_ok=True)
    try:
        with _alone(folder):
            for kind in _ADDED_UP:
                _add(folder / f"{kind}_{pid}.db", to=folder / f"{kind}_{_ENDED}.db")
    except (OSError, ValueError, RuntimeError):
        log.exception("what a worker counted stays in its own files")


@contextmanager
def unchanged() -> Iterator[Path | None]:
    """The folder, while no file of it is being added to another: else a worker would count twice. None without one."""
    folder = _folder()
    if folder is None:
        yield None
        return
    with _alone(folder, shared=True):
        yield folder


def _add(path: Path, *, to: Path) -> None:
    from prometheus_client.mmap_dict import MmapedDict

    if not path.exists():
        return
    found = [(key, value) for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path))]  # type: ignore[no-untyped-call]  # the library's inner part has no types
    into = MmapedDict(str(to))  # type: ignore[no-untyped-call]
    try:
        for key, value in found:
            into.write_value(key, into.read_value(key)[0] + value, 0.0)  # type: ignore[no-untyped-call]
    finally:
        into.close()  # type: ignore[no-untyped-call]
    path.unlink()


@contextmanager
def _alone(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Scrapes take milliseconds, and so does adding up: whoever comes second waits."""
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


def _folder() -> Path | None:
    return _begun if _begun is not None and _begun.is_dir() else None


def _is_left_over(folder: Path) -> bool:
    """Ours, and of a process that lives no more."""
    found = re.match(rf"{_PREFIX}(\d+)-", folder.name)
    try:
        if found is None or folder.is_symlink() or folder.stat().st_uid != os.getuid():
            return False
        os.kill(int(found.group(1)), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
