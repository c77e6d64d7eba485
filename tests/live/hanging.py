"""Others that hang: a server that takes every connection and answers nothing, a proxy that stops passing on."""

import contextlib
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.ports import free_port


class _Listening:
    def __init__(self, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                found, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(found)
            self._arrived(found)

    def _arrived(self, found: socket.socket) -> None:
        return

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()


class Hanging(_Listening):
    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Hanging":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Dripping(Hanging):
    """Answers with a key set that arrives a byte a second."""

    def _arrived(self, found: socket.socket) -> None:
        threading.Thread(target=self._drip, args=(found,), daemon=True).start()

    def _drip(self, found: socket.socket) -> None:
        with contextlib.suppress(OSError):
            found.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
            for byte in b'{"keys": [' + b" " * 990:
                found.sendall(bytes([byte]))
                time.sleep(1)


class _Passing(_Listening):
    def __init__(self, port: int, target: tuple[str, int], going: threading.Event) -> None:
        self._target, self._going = target, going
        super().__init__(port)

    def _arrived(self, found: socket.socket) -> None:
        try:
            other = socket.create_connection(self._target)
        except OSError:
            found.close()
            return
        self._open.append(other)
        for one, two in ((found, other), (other, found)):
            threading.Thread(target=self._pass_on, args=(one, two), daemon=True).start()

    def _pass_on(self, one: socket.socket, two: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                self._going.wait()
                two.sendall(data)
        with contextlib.suppress(OSError):
            two.shutdown(socket.SHUT_RDWR)


class Proxy:
    """Before a database. `hangs`: takes every byte, passes none on. `stopped`: nobody listens."""

    def __init__(self, host: str, port: int) -> None:
        self._target, self.port = (host, port), free_port()
        self._going = threading.Event()
        self._going.set()
        self._now = _Passing(self.port, self._target, self._going)

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *error: object) -> None:
        self._going.set()
        self._now.close()

    def hangs(self) -> None:
        self._going.clear()

    def stopped(self) -> None:
        self._now.close()

    def serves(self) -> None:
        self._going.set()
        self._now.close()
        self._now = _Passing(self.port, self._target, self._going)


class HangingProvider:
    """A provider whose metadata is there, and whose token endpoint takes every code and answers nothing."""

    def __init__(self) -> None:
        self._over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(outer.metadata).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                outer._over.wait(60)

            def log_message(self, *told: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def metadata(self) -> dict[str, object]:
        return {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def __enter__(self) -> "HangingProvider":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
