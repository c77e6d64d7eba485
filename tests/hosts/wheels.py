"""The built wheels: what they demand, and what is in them."""

import hashlib
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_string
from pathlib import Path

from packaging.requirements import Requirement

from distributions.__main__ import build


@dataclass(frozen=True)
class Wheels:
    fairlead: Path
    accounts: Path

    @classmethod
    def built(cls, folder: Path) -> "Wheels":
        build(folder, kinds=("--wheel",))
        (fairlead,) = folder.glob("fairlead-*.whl")
        (accounts,) = folder.glob("fairlead_accounts-*.whl")
        return cls(fairlead, accounts)


def demanded(wheel: Path, *, extras: Collection[str] = ()) -> list[str]:
    """What this wheel with these extras demands of others, as its metadata says."""
    with zipfile.ZipFile(wheel) as opened:
        (path,) = (each for each in opened.namelist() if each.endswith(".dist-info/METADATA"))
        told = message_from_string(opened.read(path).decode("utf-8"))
    found = []
    for line in told.get_all("Requires-Dist", []):
        one = Requirement(line)
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras):
            one.marker = None
            found.append(str(one))
    return sorted(each for each in found if not each.startswith("fairlead"))


def digest(*wheels: Path) -> str:
    """Of what is in them: two builds of one tree are equal here, whatever times their files have."""
    found = hashlib.sha256()
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as opened:
            for each in sorted(opened.infolist(), key=lambda info: info.filename):
                found.update(f"{each.filename} {each.CRC}\n".encode())
    return found.hexdigest()
