"""The provider's signing keys: numbered PEM files in the state folder. The highest number signs, all are published."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def current(state: Path) -> str:
    """The PEM of the key that signs. Makes the first one."""
    return published(state)[0]


def published(state: Path) -> list[str]:
    """PEMs, the signing one first."""
    if not _files(state):
        rotate(state)
    return [file.read_text(encoding="ascii") for file in _files(state)]


def rotate(state: Path, *, remove_old: bool = False) -> None:
    """Sign with a new key from now on. The old ones stay published unless they are to be removed."""
    old = _files(state)
    number = int(old[0].stem) + 1 if old else 1
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    folder = state / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{number:04}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    (folder / f"{number:04}.new").rename(folder / f"{number:04}.pem")
    if remove_old:
        for file in old:
            file.unlink()


def names(state: Path) -> tuple[str, ...]:
    """What lies there now: cheap, and different after each rotation."""
    return tuple(file.name for file in _files(state))


def _files(state: Path) -> list[Path]:
    return sorted((state / "keys").glob("*.pem"), reverse=True)
