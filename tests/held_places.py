"""A place that somebody else holds: another thread, since one within another of the same thread is the same place."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fairlead.own_threads import OwnThreads


@contextmanager
def held_by_another(places: OwnThreads, *, count: int = 1) -> Iterator[None]:
    gate, arrived = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        with places.place():
            arrived.release()
            gate.wait(30)

    holders = [threading.Thread(target=hold) for _ in range(count)]
    for holder in holders:
        holder.start()
    try:
        for _ in holders:
            assert arrived.acquire(timeout=10)
        yield
    finally:
        gate.set()
        for holder in holders:
            holder.join()
