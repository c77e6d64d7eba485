"""A mail server that keeps what it took, and can hang or refuse."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy


@dataclass(frozen=True, kw_only=True)
class Mail:
    to: str
    message_id: str
    text: str


class MailServer:
    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self._works = threading.Event()
        self._works.set()
        self._refuses = False
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        self._works.clear()
        yield
        self._works.set()

    @contextlib.contextmanager
    def refusing(self) -> Iterator[None]:
        """It says to come back later (RFC 5321 4.2.1: 4yz)."""
        self._refuses = True
        yield
        self._refuses = False

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in list(self.mails) if mail.to == address]

    def close(self) -> None:
        self._works.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(outer) -> type[socketserver.StreamRequestHandler]:  # noqa: N805 - the inner class has the self
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    self._say("220 mail.example.org")
                    while (line := self.rfile.readline()) and self._command(line.decode("latin-1")):
                        continue

            def _command(self, line: str) -> bool:
                outer._works.wait()
                verb = line.strip().partition(":")[0].upper()
                if verb == "RCPT TO" and outer._refuses:
                    self._say("451 come back later")
                elif verb == "DATA":
                    self._say("354 go on")
                    self._keep()
                    self._say("250 taken")
                else:
                    self._say("250 ok")
                return verb != "QUIT"

            def _keep(self) -> None:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b"..") else line)
                message = message_from_bytes(b"".join(lines), policy=policy.default)
                outer.mails.append(Mail(to=message["To"], message_id=message["Message-ID"], text=message.get_content()))

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        return Handler
