"""The answer on its way to one client. Stands in for the socket when the application's thread writes.

The thread hands over what it has and never waits for the reader: what the socket does not take at once is kept, a file
by its descriptor, and the loop sends it when there is room. The thread owns this object while it works, the loop
afterwards; only `withdraw` may be called by the loop meanwhile.
"""

import os
import socket
import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

_PIECE = 256 * 1024


@dataclass
class _File:
    """A part of an open file. Owns the descriptor."""

    descriptor: int
    offset: int
    left: int

    def send(self, sock: socket.socket) -> bool:
        """Send what the socket takes. True when all of it is sent."""
        while self.left:
            sent = os.sendfile(sock.fileno(), self.descriptor, self.offset, min(self.left, _PIECE))
            if not sent:
                raise BrokenPipeError("The file is shorter than was announced.")
            self.offset += sent
            self.left -= sent
        return True


class Outgoing:
    def __init__(self, sock: socket.socket) -> None:
        self.begun = False
        """Whether the answer has begun: from then on nothing else can be said."""
        self.broken = False
        """Whether the other side is gone."""
        self._sock = sock
        self._queue: deque[memoryview | _File] = deque()
        self._lock = threading.Lock()
        self._withdrawn = False

    @property
    def empty(self) -> bool:
        return not self._queue

    @property
    def held(self) -> int:
        """Bytes kept in memory. Files cost none."""
        return sum(len(each) for each in self._queue if isinstance(each, memoryview))

    @property
    def deaf(self) -> bool:
        """Whether nobody will read what is written here."""
        return self.broken or self._withdrawn

    def sendall(self, data: bytes) -> None:
        self._put(memoryview(data))

    def sendfile(self, file: Any, offset: int = 0, count: int = 0) -> None:
        self._put(_File(os.dup(file.fileno()), offset, count))

    def flush(self) -> None:
        """Send what the socket takes now. Marks the connection as broken when its other side is gone."""
        try:
            while self._queue and self._send(self._queue[0]):
                self._queue.popleft()
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.broken = True
            self.discard()

    def begin_again(self) -> None:
        """The next answer on the same connection."""
        self.begun = False

    def withdraw(self) -> bool:
        """Take the answer from the thread that works at it, unless it has begun. What it writes later goes nowhere."""
        with self._lock:
            self._withdrawn = not self.begun
            return self._withdrawn

    def discard(self) -> None:
        for each in self._queue:
            if isinstance(each, _File):
                os.close(each.descriptor)
        self._queue.clear()

    def _put(self, piece: memoryview | _File) -> None:
        with self._lock:
            if self.deaf:
                if isinstance(piece, _File):
                    os.close(piece.descriptor)
                raise BrokenPipeError("Nobody reads this answer any more.")
            first, self.begun = not self.begun, True
        self._queue.append(piece)
        if not first:
            # Headers wait for the first piece of the body: one packet, one call of the system.
            self.flush()

    def _send(self, piece: memoryview | _File) -> bool:
        if isinstance(piece, _File):
            piece.send(self._sock)
            os.close(piece.descriptor)
            return True
        sent = self._sock.send(piece)
        if sent < len(piece):
            self._queue[0] = piece[sent:]
            return False
        return True
