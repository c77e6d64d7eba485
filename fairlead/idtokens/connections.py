"""The sockets of outbound calls: where the address is checked, the deadline kept and the bytes counted.

A check anywhere above this module could be undone below it: the name could resolve to something else at the second
look, and a peer that sends one byte a second satisfies every per-read timeout. So the address that was checked is the
address connected to, and every single read gets only the time that the whole call has left.
"""

import socket
import ssl
import sys
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from fairlead import origins
from fairlead.idtokens.addresses import is_public
from fairlead.idtokens.errors import FetchFailed, FetchRefused, NetworkFault
from fairlead.idtokens.resolver import Address, resolve

_MAX_ATTEMPTS = 4


@dataclass(kw_only=True)
class Call:
    """One outbound call: what it may connect to, when it ends (`time.monotonic`), how many bytes it may still read.

    `opened` tells whether it opened a connection of its own; otherwise it was sent over a kept one.
    """

    private_origins: frozenset[str]
    setting: str
    deadline: float
    bytes_left: int
    opened: bool = False

    def time_left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise FetchFailed("The other side did not answer in time.").because(NetworkFault.TIMED_OUT)
        return left

    def count(self, received: int) -> None:
        self.bytes_left -= received
        if self.bytes_left < 0:
            raise FetchRefused("The answer is too large.")


current: ContextVar[Call] = ContextVar("current_outbound_call")


class _Timed:
    """Gives each read and write the time that the call has left, and counts what arrives."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        call = current.get()
        self.settimeout(call.time_left())  # type: ignore[attr-defined]
        received: int = super().recv_into(*args, **kwargs)  # type: ignore[misc]
        call.count(received)
        return received

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.settimeout(current.get().time_left())  # type: ignore[attr-defined]
        super().sendall(*args, **kwargs)  # type: ignore[misc]


class TimedSocket(_Timed, socket.socket):
    """A TCP socket within a call."""


class TimedTlsSocket(_Timed, ssl.SSLSocket):
    """A TLS socket within a call; the handshake is inside the deadline too."""

    def do_handshake(self, block: bool = False) -> None:
        self.settimeout(current.get().time_left())
        super().do_handshake(block)


class GuardedHTTPConnection(HTTPConnection):
    """Plain HTTP, only ever to an origin on the operator's list (or to the operator's proxy)."""

    def _new_conn(self) -> socket.socket:
        return _open("http", self)


class GuardedHTTPSConnection(HTTPSConnection):
    """HTTPS. The host is never rewritten, so server name and certificate are checked against the name in the URL."""

    def _new_conn(self) -> socket.socket:
        return _open("https", self)

    def _tunnel(self) -> None:
        """Ask the proxy for the address that we checked, not for the name, which it would look up once more."""
        name = self._tunnel_host
        assert name is not None  # noqa: S101 - for the type checker: urllib3 tunnels only where it set a host
        call = current.get()
        found = _checked(name, self._tunnel_port or 443, call, private=False)
        self._tunnel_host = found[0].literal
        try:
            super()._tunnel()
        finally:
            self._tunnel_host = name


def _open(scheme: str, connection: HTTPConnection) -> socket.socket:
    call = current.get()
    call.opened = True
    port = connection.port or (443 if scheme == "https" else 80)
    # The proxy is the operator's own, named in a setting: it may be anywhere.
    private = connection.proxy is not None or origins.of_parts(scheme, connection.host, port) in call.private_origins
    if scheme != "https" and not private:
        refused = FetchRefused(f"The URL must begin with https://. {_remedy(connection.host, call)}")
        raise refused.because(NetworkFault.NOT_HTTPS, host=connection.host, setting=call.setting)
    return _connect(_checked(connection._dns_host, port, call, private=private), connection, call)


def _checked(host: str, port: int, call: Call, *, private: bool) -> list[Address]:
    found = resolve(host, port=port, timeout=call.time_left())
    # Every address, not only the first: which one is used must not decide whether the call is allowed.
    if not found or not (private or all(is_public(address.literal) for address in found)):
        refused = FetchRefused(f"{host} is not a public address. {_remedy(host, call)}")
        raise refused.because(NetworkFault.PRIVATE_ADDRESS, host=host, setting=call.setting)
    return found


def _connect(addresses: list[Address], connection: HTTPConnection, call: Call) -> socket.socket:
    candidates = addresses[:_MAX_ATTEMPTS]
    fault = NetworkFault.NO_ROUTE
    for position, address in enumerate(candidates):
        opened = TimedSocket(address.family, socket.SOCK_STREAM)
        try:
            # A share of the time each, so that a first address that swallows packets leaves time for the next.
            opened.settimeout(call.time_left() / (len(candidates) - position))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect(address.sockaddr)
        except OSError as error:
            opened.close()
            fault = _fault(error)
        except BaseException:
            opened.close()
            raise
        else:
            sys.audit("http.client.connect", connection, connection.host, connection.port)
            return opened
    if connection.proxy is not None:
        fault = NetworkFault.PROXY
    raise FetchFailed(f"{connection.host} cannot be reached.").because(fault, host=connection.host)


def _fault(error: OSError) -> NetworkFault:
    if isinstance(error, TimeoutError):
        return NetworkFault.TIMED_OUT
    return NetworkFault.CONNECTION_REFUSED if isinstance(error, ConnectionRefusedError) else NetworkFault.NO_ROUTE


def _remedy(host: str, call: Call) -> str:
    return f"If {host} is yours and meant, list the exact origin (scheme, host and port) in {call.setting}."
