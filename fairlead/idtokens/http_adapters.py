"""Kept connections: one pool per process, configuration and trust level, made anew after a fork.

A connection that was opened for a private origin must never serve a call that may not go there, so the set of private
origins is part of the key. The TLS context is built once (it costs 14 ms) and shared.
"""

import math
import os
import ssl
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import certifi
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager

from fairlead.idtokens.connections import GuardedHTTPConnection, GuardedHTTPSConnection, TimedTlsSocket
from fairlead.idtokens.errors import FetchRefused, NetworkFault

LONGEST_IDLE = 3.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Trust:
    """What decides whether two calls may share connections."""

    private_origins: frozenset[str]
    purpose: str
    proxy: str | None
    ca_bundle: str | None


class _Kept(HTTPConnectionPool):
    """Gives out no connection that was idle for long: its server may be closing it while the request is on its way.

    A POST that ends so must not be sent again, since nobody knows whether it was read (RFC 9110 9.2.2). Servers wait 5
    seconds (Node.js) and longer.
    """

    def _get_conn(self, timeout: float | None = None) -> Any:
        kept: Any = super()._get_conn(timeout)
        if time.monotonic() - getattr(kept, "idle_since", math.inf) > LONGEST_IDLE:
            kept.close()  # opens again when it is used
        return kept

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.idle_since = time.monotonic()
        super()._put_conn(conn)


class _GuardedHTTPPool(_Kept):
    ConnectionCls = GuardedHTTPConnection


class _GuardedHTTPSPool(_Kept, HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPSConnection


class GuardedAdapter(HTTPAdapter):
    """requests' adapter on guarded connections. No Session: no cookies, .netrc, environment or redirects."""

    def __init__(self, trust: Trust) -> None:
        self._context = _tls_context(trust.ca_bundle)
        super().__init__(pool_connections=32, pool_maxsize=16, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _guard(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return _guard(super().proxy_manager_for(proxy, **kwargs))

    def build_connection_pool_key_attributes(self, request: PreparedRequest, verify: Any, cert: Any = None) -> Any:
        parts = urlsplit(str(request.url))
        host = {"scheme": parts.scheme, "host": parts.hostname, "port": parts.port}
        return host, {"ssl_context": self._context}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to do: the context demands a valid certificate, and the caller has no way to say otherwise."""


def _guard(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _GuardedHTTPPool, "https": _GuardedHTTPSPool}
    return manager


@cache
def _tls_context(ca_bundle: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_bundle or certifi.where())
    except (OSError, ssl.SSLError):
        refused = FetchRefused("The file named by OUTBOUND_CA_BUNDLE cannot be read as certificates.")
        raise refused.because(NetworkFault.CA_BUNDLE, setting="OUTBOUND_CA_BUNDLE") from None
    # A name stands in subjectAltName (RFC 9525 2): what a certificate calls itself besides is no name that was checked.
    context.hostname_checks_common_name = False
    context.sslsocket_class = TimedTlsSocket
    return context


_adapters: dict[Trust, GuardedAdapter] = {}
_lock = threading.Lock()


def adapter(trust: Trust) -> GuardedAdapter:
    """The kept connections of this trust level."""
    if kept := _adapters.get(trust):
        return kept
    with _lock:
        return _adapters.setdefault(trust, GuardedAdapter(trust))


def close_all() -> None:
    """Close what is idle, for tests and for a clean exit."""
    with _lock:
        for kept in _adapters.values():
            kept.close()
        _adapters.clear()


def _start_again() -> None:
    """Two processes that write to one connection would read each other's answers."""
    global _adapters, _lock
    _adapters, _lock = {}, threading.Lock()


os.register_at_fork(after_in_child=_start_again)
