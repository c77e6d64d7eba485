"""A mail server for tests that answers as it was told: one socket, one conversation at a time."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


class MailServer:
    """`answers` maps a verb (GREETING, EHLO, AUTH ...) to a whole reply. Use as a context manager.

    `said` is every line of every conversation, `taken` the lines of each mail that it said yes to.
    """

    def __init__(self, **answers: str) -> None:
        self.answers = {"GREETING": "220 ready", "EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "235 in", **answers}
        self.said: list[str] = []
        self.taken: list[list[str]] = []
        self.called = threading.Event()
        self._speaks = threading.Event()
        self._speaks.set()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Connections are accepted, and nothing is said. `called` is set once somebody is there."""
        self._speaks.clear()
        self.called.clear()
        try:
            yield
        finally:
            self._speaks.set()

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(outer) -> type[Any]:  # noqa: N805 - the inner class has the self
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer.called.set()
                # Whoever wanted TLS hangs up.
                with suppress(OSError):
                    self.converse()

            def converse(self) -> None:
                self.say("GREETING")
                while line := self.rfile.readline().decode("utf-8", "replace").strip():
                    outer.said.append(line)
                    verb = line.split(" ")[0].upper()
                    self.say(verb)
                    if verb == "QUIT":
                        return
                    if verb == "DATA":
                        self.take()

            def take(self) -> None:
                lines = []
                while (line := self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n")) != ".":
                    lines.append(line)
                self.say("SENT")
                outer.taken.append(lines)

            def say(self, verb: str) -> None:
                outer._speaks.wait()
                standard = {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 fine")
                self.wfile.write(f"{outer.answers.get(verb, standard)}\r\n".encode())

        return Handler
