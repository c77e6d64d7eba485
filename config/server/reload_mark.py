"""Which workers are being replaced by newer ones of the same server (SIGHUP): those need not say 503 at /readyz first.

One number that the master writes and its workers read, in memory that they share. Made when the master imports this.
"""

import mmap

_NEWEST_REPLACED = mmap.mmap(-1, 8)


def replace_up_to(age: int) -> None:
    """`age` as gunicorn counts it: every worker is one older than the one before it."""
    _NEWEST_REPLACED[:] = age.to_bytes(8, "big")


def replaced(age: int) -> bool:
    return age <= int.from_bytes(_NEWEST_REPLACED[:], "big")
