"""A real DNS server on loopback, over UDP and TCP, that answers as its table says.

    with DnsServer() as dns:
        dns.zone["_fairlead-challenge.acme.example."] = TXT("one", "two")
        ... dns.address ...

What is in no table does not exist (NXDOMAIN). Change the table at any time; `asked` lists the questions.
"""

import socketserver
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rrset

Behaviour = Callable[[dns.message.Message, bool], bytes | None]
MOST_OF_A_DATAGRAM = 512


def answer(*records: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> Behaviour:
    """An answer with these records, each as in a zone file: name, TTL, class, type, value. Truncated where too long."""

    def behave(query: dns.message.Message, tcp: bool) -> bytes:
        response = dns.message.make_response(query)
        response.set_rcode(rcode)
        for record in records:
            name, ttl, kind, rdtype, value = record.split(" ", 4)
            response.answer.append(dns.rrset.from_text(name, int(ttl), kind, rdtype, value))
        wire = response.to_wire(max_size=65535)
        if tcp or len(wire) <= MOST_OF_A_DATAGRAM:
            return wire
        short = dns.message.make_response(query)
        short.flags |= dns.flags.TC
        return short.to_wire()

    return behave


def txt(*texts: str) -> Behaviour:
    """TXT records at the name that is asked for, each text as in a zone file: several quoted pieces make one."""

    def behave(query: dns.message.Message, tcp: bool) -> bytes | None:
        return answer(*(f"{query.question[0].name} 60 IN TXT {text}" for text in texts))(query, tcp)

    return behave


def failing(rcode: dns.rcode.Rcode) -> Behaviour:
    return answer(rcode=rcode)


def silent(query: dns.message.Message, tcp: bool) -> None:
    return None


def garbage(query: dns.message.Message, tcp: bool) -> bytes:
    return b"\x00garbage"


def wrong_id(query: dns.message.Message, tcp: bool) -> bytes:
    response = dns.message.make_response(query)
    response.id ^= 1
    return response.to_wire()


def wrong_class(query: dns.message.Message, tcp: bool) -> bytes:
    response = dns.message.make_response(query)
    response.question[0].rdclass = dns.rdataclass.CH
    return response.to_wire()


def hanging_over_tcp(query: dns.message.Message, tcp: bool) -> bytes | None:
    if tcp:
        return None
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC
    return response.to_wire()


class DnsServer:
    """Use as a context manager. `address` is what DNS_RESOLVERS takes, as a pair."""

    def __init__(self) -> None:
        self.zone: dict[str, Behaviour] = {}
        self.asked: list[tuple[str, bool]] = []
        outer = self

        class Datagram(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                wire = outer._wire(self.request[0], tcp=False)
                if wire is not None:
                    self.request[1].sendto(wire, self.client_address)

        class Stream(socketserver.StreamRequestHandler):
            timeout = 5

            def handle(self) -> None:
                with suppress(OSError):
                    size = int.from_bytes(self.rfile.read(2))
                    wire = outer._wire(self.rfile.read(size), tcp=True)
                    if wire is None:
                        outer._stopping.wait(5)
                    else:
                        self.wfile.write(len(wire).to_bytes(2) + wire)

        self._stopping = threading.Event()
        self._servers = _pair(Datagram, Stream)
        self.address: tuple[str, int] = self._servers[0].server_address

    def _wire(self, question: bytes, *, tcp: bool) -> bytes | None:
        query = dns.message.from_wire(question)
        name = str(query.question[0].name).lower()
        self.asked.append((name, tcp))
        return self.zone.get(name, failing(dns.rcode.NXDOMAIN))(query, tcp)

    def __enter__(self) -> "DnsServer":
        for server in self._servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopping.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()


def _pair(datagram: Any, stream: Any) -> tuple[Any, Any]:
    """Two servers with one port: the kernel chooses UDP's, and TCP's may then be taken."""
    for _ in range(20):
        udp = socketserver.ThreadingUDPServer(("127.0.0.1", 0), datagram)
        udp.daemon_threads = True
        try:
            tcp = socketserver.ThreadingTCPServer(udp.server_address, stream)
        except OSError:
            udp.server_close()
            time.sleep(0.01)
            continue
        tcp.daemon_threads = True
        return udp, tcp
    raise RuntimeError("No port is free for UDP and TCP alike.")
