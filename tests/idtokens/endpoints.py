"""Endpoints that misbehave on the wire, on real sockets and free ports."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Behaviour = Callable[[socket.socket, bytes], None]


@dataclass
class Endpoint:
    """A listening endpoint. `requests` holds what each request said; `connections` counts accepted connections."""

    port: int
    scheme: str = "http"
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def origin(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"

    def drip(self, peer: socket.socket, data: bytes, *, pause: float = 0.1) -> None:
        """Send one byte at a time, until the test is over."""
        for position in range(len(data)):
            if self.stopped.wait(pause):
                return
            peer.sendall(data[position : position + 1])


@contextmanager
def serve(
    behave: Callable[[Endpoint, socket.socket], None], *, tls: ssl.SSLContext | None = None
) -> Iterator[Endpoint]:
    """Run `behave` for each request of each connection, until it closes the connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    endpoint = Endpoint(port=listener.getsockname()[1], scheme="https" if tls else "http")
    peers: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def talk(peer: socket.socket) -> None:
        with suppress(OSError, ValueError), peer:
            if tls:
                peer = tls.wrap_socket(peer, server_side=True)
                peers.append(peer)
            with peer:
                while request := read_request(peer):
                    endpoint.requests.append(request)
                    behave(endpoint, peer)

    def accept() -> None:
        while not endpoint.stopped.is_set():
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            endpoint.connections += 1
            peers.append(peer)
            thread = threading.Thread(target=talk, args=(peer,), daemon=True)
            threads.append(thread)
            thread.start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield endpoint
    finally:
        endpoint.stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for peer in peers:
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        for thread in [accepting, *threads]:
            thread.join(5)


def read_request(peer: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        part = peer.recv(65536)
        if not part:
            return b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body


def response(body: bytes = b"{}", *, status: str = "200 OK", kind: str = "application/json", extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


def answers(data: bytes) -> Callable[[Endpoint, socket.socket], None]:
    def behave(endpoint: Endpoint, peer: socket.socket) -> None:
        peer.sendall(data)

    return behave


def certificate(folder: Path, *, name: str = "localhost") -> tuple[ssl.SSLContext, str]:
    """A server's TLS context and the file of the authority that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, private)
    return context, str(chain)


def seconds_taken(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began
