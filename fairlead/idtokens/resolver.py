"""Looking names up with a time limit, which the system's own call does not have.

A bounded number of daemon threads: a name server that never answers costs the caller its deadline and us a slot for as
long as the system's resolver waits, never more threads than the bound.
"""

import os
import queue
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any

from fairlead.idtokens.errors import FetchFailed, FetchRefused, NetworkFault

MAX_LOOKUPS = 16
_slots = threading.BoundedSemaphore(MAX_LOOKUPS)


@dataclass(frozen=True, kw_only=True)
class Address:
    """One answer of the resolver. `literal` is the address as text."""

    family: int
    literal: str
    sockaddr: tuple[Any, ...]


def resolve(host: str, *, port: int, timeout: float) -> list[Address]:
    """All addresses of this host, in the system's order. `timeout` in seconds. Raises FetchFailed, FetchRefused."""
    ends = time.monotonic() + timeout
    slots = _slots
    if timeout <= 0 or not slots.acquire(timeout=timeout):
        raise _too_slow(host)
    answer: queue.SimpleQueue[list[Address] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, answer, slots), name="resolver", daemon=True).start()
    try:
        outcome = answer.get(timeout=max(0.0, ends - time.monotonic()))
    except queue.Empty:
        raise _too_slow(host) from None
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _too_slow(host: str) -> FetchFailed:
    failed = FetchFailed(f"The name {host} could not be looked up in time.")
    return failed.because(NetworkFault.NAME_UNKNOWN, host=host)


def _look_up(
    host: str,
    port: int,
    answer: "queue.SimpleQueue[list[Address] | Exception]",
    slots: threading.BoundedSemaphore,
) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        answer.put(FetchRefused(f"{host} is no host name."))
    except OSError:
        failed = FetchFailed(f"The name {host} could not be found.")
        answer.put(failed.because(NetworkFault.NAME_UNKNOWN, host=host))
    else:
        answer.put([Address(family=family, literal=str(at[0]), sockaddr=at) for family, _, _, _, at in found])
    finally:
        slots.release()


def _start_again() -> None:
    """A fork copies the slots as they were, but not the threads that would give them back."""
    global _slots  # noqa: PLW0603 - the one object of this process
    _slots = threading.BoundedSemaphore(MAX_LOOKUPS)


os.register_at_fork(after_in_child=_start_again)
