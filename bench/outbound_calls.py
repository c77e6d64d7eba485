"""T16: one warm call to somebody else's server: its CPU, its connections, its TLS contexts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from bench.results import Row
from bench.stage import configure
from bench.timing import cpu
from fairlead.idtokens import http_adapters, outbound

_CALLS = 200


class _Handler(BaseHTTPRequestHandler):
    """Keeps connections open, as the providers on the internet do."""

    protocol_version = "HTTP/1.1"
    opened = 0

    def setup(self) -> None:
        type(self).opened += 1
        super().setup()

    def do_GET(self) -> None:
        body = b'{"keys": []}'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def _server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        http_adapters.close_all()
        server.shutdown()
        server.server_close()
        thread.join()


def measure() -> list[Row]:
    with _server() as origin:
        configure(POOL_PRIVATE_ORIGINS=(origin,))
        url, fetcher = f"{origin}/keys", outbound.pools()
        fetcher.get_json(url)
        contexts, opened = http_adapters._tls_context.cache_info().misses, _Handler.opened
        ours, peer = [], []
        for _ in range(_CALLS):
            ours.append(cpu(lambda: fetcher.get_json(url)))
        contexts = http_adapters._tls_context.cache_info().misses - contexts
        opened = _Handler.opened - opened
        for _ in range(_CALLS):
            ours.append(cpu(lambda: fetcher.get_json(url)))
            peer.append(cpu(lambda: requests.get(url, timeout=5).json()))
    return [
        Row(
            part="T16.cpu",
            measured=min(ours) * 1e3,
            peers={"requests.get, without TLS": min(peer) * 1e3},
            note=f"median {sorted(ours)[len(ours) // 2] * 1e3:.2f} ms",
        ),
        Row(part="T16.connections", measured=opened),
        Row(part="T16.contexts", measured=contexts),
    ]
