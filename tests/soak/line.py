"""A TCP line between the service and one of its servers, which can be cut, hung and brought back.

The servers themselves belong to everybody on this machine: nothing is done to them.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

_PIECE = 65536


class Line:
    """Listens on a port of its own and passes everything on to `target`."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._flows = threading.Event()
        self._flows.set()
        self._listener = _listener(0)
        self.port = int(self._listener.getsockname()[1])
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._accept()

    @classmethod
    def to(cls, url: str, *, default_port: int) -> "Line":
        parts = urlsplit(url)
        return cls((parts.hostname or "127.0.0.1", parts.port or default_port))

    def instead_of(self, url: str) -> str:
        """The same address, through this line."""
        parts = urlsplit(url)
        login, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{login}{at}127.0.0.1:{self.port}"))

    @contextlib.contextmanager
    def cut(self) -> Iterator[None]:
        """Every connection ends in the middle of whatever it says, and new ones are refused."""
        self._close()
        yield
        self._listener = _listener(self.port)
        self._accept()

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        """Connections are taken and stay open; nothing passes. What was sent meanwhile arrives afterwards."""
        self._flows.clear()
        yield
        self._flows.set()

    def close(self) -> None:
        self._flows.set()
        self._close()

    def _close(self) -> None:
        # A thread that waits in accept() keeps the port open until it is woken.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            open_ones = list(self._sockets)
        for each in open_ones:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        threading.Thread(target=self._accepting, args=(self._listener,), daemon=True).start()

    def _accepting(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                threading.Thread(target=self._connected, args=(near,), daemon=True).start()

    def _connected(self, near: socket.socket) -> None:
        self._flows.wait()
        try:
            far = socket.create_connection(self._target, timeout=10)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        with self._lock:
            self._sockets |= {near, far}
        back = threading.Thread(target=self._pass, args=(far, near), daemon=True)
        back.start()
        self._pass(near, far)
        back.join()
        with self._lock:
            self._sockets -= {near, far}
        near.close()
        far.close()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_PIECE):
                self._flows.wait()
                sink.sendall(data)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener
