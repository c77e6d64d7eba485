"""HTTP by hand: clients that do what no library would do."""

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One connection, over TLS where `tls` says how. `answer` reads one answer and leaves what follows."""

    def __init__(self, port: int, *, timeout: float = 20, tls: ssl.SSLContext | None = None) -> None:
        self.sock = connected(port, timeout=timeout, tls=tls)
        self._buffer = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        self.sock.close()

    def send(self, data: bytes) -> "Client":
        self.sock.sendall(data)
        return self

    def ask(self, line: str, *headers: str, body: bytes = b"") -> "Client":
        return self.send(request(line, *headers, body=body))

    def answer(self) -> Answer:
        """Raises EOFError where the connection ends without one."""
        head = self._until(b"\r\n\r\n").decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split()[1])
        body = self._exactly(int(headers.get("content-length", "0"))) if status >= 200 else b""
        return Answer(status, headers, body)

    def closed(self) -> bool:
        """Wait for the other side to close; False when it says something instead."""
        with contextlib.suppress(ConnectionResetError):
            return self._buffer == b"" and self.sock.recv(1) == b""
        return True

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            self._more()
        found, _, self._buffer = self._buffer.partition(mark)
        return found + mark

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    def _more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise EOFError(f"closed after {self._buffer!r}")
        self._buffer += data


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    length = [f"Content-Length: {len(body)}"] if body and not any("chunked" in each for each in headers) else []
    return "\r\n".join([line, "Host: localhost", *headers, *length, "", ""]).encode() + body


def connected(port: int, *, timeout: float, tls: ssl.SSLContext | None = None) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    return tls.wrap_socket(sock, server_hostname="localhost") if tls else sock


def get(port: int, path: str, *headers: str, timeout: float = 20) -> Answer:
    with Client(port, timeout=timeout) as client:
        return client.ask(f"GET {path} HTTP/1.1", "Connection: close", *headers).answer()


@contextlib.contextmanager
def drips(
    port: int, count: int, data: bytes, *, first: bytes = b"", pause: float = 0.5, tls: ssl.SSLContext | None = None
) -> Iterator[list[socket.socket]]:
    """`count` connections that send `first`, and then one byte of `data` every now and then, again and again.

    One that the server has closed is opened anew: the number stays what it is.
    """
    stopped = threading.Event()
    open_ones: list[socket.socket] = []

    def opened() -> socket.socket:
        sock = connected(port, timeout=10, tls=tls)
        sock.sendall(first)
        return sock

    def drip() -> None:
        position = 0
        while not stopped.wait(pause):
            for number, sock in enumerate(open_ones):
                try:
                    sock.send(data[position % len(data) : position % len(data) + 1])
                except OSError:
                    sock.close()
                    with contextlib.suppress(OSError):
                        open_ones[number] = opened()
            position += 1

    open_ones += [opened() for _ in range(count)]
    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    time.sleep(2 * pause)
    try:
        yield open_ones
    finally:
        stopped.set()
        thread.join()
        for sock in open_ones:
            sock.close()
