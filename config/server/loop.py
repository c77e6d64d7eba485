"""One selector, and the calls that threads leave for it. Everything that touches a connection runs here, in turn."""

import logging
import os
import selectors
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

log = logging.getLogger(__name__)
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Loop:
    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._woken = False
        self._reader, self._writer = os.pipe()
        for end in (self._reader, self._writer):
            os.set_blocking(end, False)
        self._selector.register(self._reader, READ, self._take_calls)

    def call(self, function: Callable[..., None], *arguments: Any) -> None:
        """Run this in the loop, soon. Any thread, and a signal's handler, may ask."""
        self._calls.append((function, arguments))
        if not self._woken:
            self._woken = True
            try:
                os.write(self._writer, b"\0")
            except OSError:
                # The pipe is full: the loop is awake anyway.
                return

    def watch(self, fileobj: Any, events: int, callback: Callable[[int], object]) -> None:
        """Call back with the events that are there, as long as they are there."""
        if fileobj in self._selector.get_map():
            self._selector.modify(fileobj, events, callback)
        else:
            self._selector.register(fileobj, events, callback)

    def unwatch(self, fileobj: Any) -> None:
        if fileobj in self._selector.get_map():
            self._selector.unregister(fileobj)

    def tick(self, timeout: float) -> None:
        """Wait for something to happen, and let it."""
        for key, events in self._selector.select(timeout):
            # What was closed by a callback before this one is told no more.
            if self._selector.get_map().get(key.fd) is key:
                _run(key.data, events)

    def close(self) -> None:
        self._selector.close()
        os.close(self._reader)
        os.close(self._writer)

    def _take_calls(self, events: int) -> None:
        with suppress(BlockingIOError):
            os.read(self._reader, 4096)
        self._woken = False
        while self._calls:
            function, arguments = self._calls.popleft()
            _run(function, *arguments)


def _run(function: Callable[..., None], *arguments: Any) -> None:
    try:
        function(*arguments)
    except Exception:  # a fault in one call must not end the loop, and with it every connection; it is told
        log.exception("a call in the server's loop failed")
