"""nginx and Caddy with a configuration of ours, and an application behind them that says which headers it was sent."""

import datetime
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import wait_until_listens
from tests.processes import Child

_PLACES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class _Application(BaseHTTPRequestHandler):
    """Says what it was told. It believes the proxy."""

    reached: list[str]

    def do_GET(self) -> None:
        self.reached.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = json.dumps([[name, value] for name, value in self.headers.items()]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def running_application(reached: list[str] | None = None) -> Iterator[str]:
    """Host and port of it. `reached` is where it puts the path of every request, before it reads the body."""
    kept = {"reached": [] if reached is None else reached}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Application", (_Application,), kept))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def told(answer: requests.Response) -> dict[str, list[str]]:
    """What that application was told, by the names that a WSGI application reads: `_` and `-` are one."""
    found: dict[str, list[str]] = {}
    for name, value in answer.json():
        found.setdefault(name.lower().replace("_", "-"), []).append(value)
    return found


@contextmanager
def running_nginx(text: str, folder: Path, *ports: int) -> Iterator[None]:
    """With `text` inside its `http` block, until it listens at these ports."""
    (folder / "temporary").mkdir()
    places = " ".join(f"{name}_temp_path {folder}/temporary/{name};" for name in _PLACES)
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {folder}/nginx.pid; error_log stderr warn; worker_processes 1;\n"
        f"events {{ worker_connections 512; }}\nhttp {{ access_log off; {places}\n{text}\n}}\n"
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with _running(command, folder / "nginx.log", ports, {"PATH": f"/usr/sbin:{os.environ['PATH']}"}):
        yield


@contextmanager
def running_caddy(text: str, folder: Path, *ports: int) -> Iterator[None]:
    options = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"
    (folder / "Caddyfile").write_text(options + text)
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    environment = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with _running(command, folder / "caddy.log", ports, {"PATH": os.environ["PATH"], **environment}):
        yield


@contextmanager
def _running(command: list[str], log: Path, ports: tuple[int, ...], environment: dict[str, str]) -> Iterator[None]:
    child = Child(command, environment=environment, log=log)
    try:
        for port in ports:
            assert wait_until_listens(port, alive=child.alive), log.read_text()
        yield
    finally:
        child.stop()


def replaced(text: str, by: dict[str, str]) -> str:
    """An example with our addresses instead of its own; each of them has to be there."""
    for written, ours in by.items():
        assert written in text, written
        text = text.replace(written, ours)
    return text


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost and its key, as files."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file
