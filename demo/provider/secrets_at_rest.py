"""Secrets made at the first start and kept in a file of the state folder, readable by its owner alone."""

import os
import secrets
from pathlib import Path


def kept(path: Path) -> str:
    """The secret in this file; made now if there is none. Two processes starting at once end with the same one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            # A link appears complete or not at all, and never replaces what another process made first.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")
