"""Where people's pictures are kept: in Django's default storage, a folder or a bucket that all machines share.

Storages fail in ways of their own (a full disk, a bucket that does not answer). Here that becomes one refusal, so that
a storage that is away costs a picture and nothing else.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from accounts.errors import PictureNotStored

log = logging.getLogger(__name__)


def save(webp_bytes: bytes) -> str:
    """Keep a picture under a random name, and return it. Raises PictureNotStored; then nothing is left of it."""
    name = f"profiles/{secrets.token_urlsafe(18)}.webp"
    try:
        with _faults("stored"):
            return default_storage.save(name, ContentFile(webp_bytes))
    except PictureNotStored:
        # A disk that is full keeps the first half.
        delete(name)
        raise


def delete(name: str) -> None:
    """A file that cannot be deleted stays behind, with a line in the log: nobody's request fails for it."""
    try:
        with _faults("deleted"):
            default_storage.delete(name)
    except PictureNotStored:
        return


def read(name: str) -> File:
    """Raises FileNotFoundError, PictureNotStored."""
    with _faults("read"):
        return default_storage.open(name)


@contextmanager
def _faults(done: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as fault:  # noqa: BLE001 - every storage has faults of its own, and all end in this one refusal
        log.error("a picture could not be %s", done, extra={"cause": type(fault).__name__})
        raise PictureNotStored from None
