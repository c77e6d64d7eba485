"""Looking for one TXT record, and saying exactly what was found instead of it.

Three answers and no others: the record was seen; it is not there (and what is); it cannot be known now. A server that
fails or keeps silent says nothing about the record. The threat: an answer that comes from somewhere else. A CNAME at
the challenge is not followed, because `*.acme.org CNAME` to a zone that has expired would let the zone's next holder
prove acme.org. Texts are shown to people: escaped, cut and counted here.

dnspython is imported only when something is looked up: the extra `domains` installs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LIFETIME = 4.0  # seconds for all name servers; dnspython overruns it by up to a fifth
_SHARE = 0.375  # of it that one of them has: 1.5 seconds
MOST_TEXTS, MOST_CHARACTERS = 5, 100
_MOST_OF_A_NAME = 255


class Seen(StrEnum):
    FOUND = "found"
    NO_NAME = "nxdomain"
    NO_TXT = "nodata"
    OTHER_TXT = "other_txt"
    CNAME = "cname"
    NOT_KNOWN = "not_known"


class NotKnown(StrEnum):
    """Why nothing can be said. The first three are the zone's affair, the last two the operator's."""

    SERVERS_FAIL = "servers_fail"
    SERVERS_REFUSE = "servers_refuse"
    SERVERS_SILENT = "servers_silent"
    NO_RESOLVER = "no_resolver"
    NO_LIBRARY = "no_library"


@dataclass(frozen=True, kw_only=True)
class TxtAnswer:
    """What stands at the host. `texts` are for people: at most five of at most 100 printable characters."""

    seen: Seen
    texts: tuple[str, ...] = ()
    quoted: bool = False
    """The expected text is there with quotation marks around it: some zone editors add them."""
    target: str = ""
    """Where a CNAME points."""
    reason: NotKnown | None = None

    @property
    def absent(self) -> bool:
        """The zone answered, and the record is not in the answer."""
        return self.seen in {Seen.NO_NAME, Seen.NO_TXT, Seen.OTHER_TXT, Seen.CNAME}


def look_up(
    host: str, *, expected: str, name_servers: Sequence[tuple[str, int]] = (), lifetime: float = LIFETIME
) -> TxtAnswer:
    """Whether `expected` is one of the TXT records of `host`, a cleaned name. Raises nothing of its own.

    `name_servers` are pairs of IP address and port; none: the machine's own resolvers. Blocks for up to 1.2 times
    `lifetime` seconds. Who may ask how often is not decided here.
    """
    dns = _library()
    if dns is None:
        return TxtAnswer(seen=Seen.NOT_KNOWN, reason=NotKnown.NO_LIBRARY)
    name = dns.name.from_text(f"{host}.")
    try:
        answer = _resolver(dns, name_servers, lifetime).resolve(name, "TXT", search=False, raise_on_no_answer=False)
    except dns.exception.DNSException as error:
        return _without_answer(dns, error, name)
    return _alias(answer.chaining_result) or _compared(answer.rrset, expected)


def _library() -> Any | None:
    try:
        import dns.exception
        import dns.name
        import dns.nameserver
        import dns.resolver
    except ImportError:
        return None
    return dns


def _resolver(dns: Any, name_servers: Sequence[tuple[str, int]], lifetime: float) -> Any:
    resolver = dns.resolver.Resolver(configure=not name_servers)
    if name_servers:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in name_servers]
    resolver.timeout, resolver.lifetime = lifetime * _SHARE, lifetime
    # No cache: a person who has just added the record and asks again is to be told the truth.
    resolver.search, resolver.cache, resolver.retry_servfail = [], None, False
    return resolver


def _alias(chain: Any) -> TxtAnswer | None:
    if not chain.cnames:
        return None
    target = chain.cnames[0][0].target.to_text(omit_final_dot=True)
    return TxtAnswer(seen=Seen.CNAME, target=_shown(target, most=_MOST_OF_A_NAME))


def _compared(rrset: Any, expected: str) -> TxtAnswer:
    if rrset is None:
        return TxtAnswer(seen=Seen.NO_TXT)
    # One text may come in pieces of at most 255 octets (RFC 7208 3.3 says the same of its own records).
    raw_texts = [b"".join(record.strings) for record in rrset]
    texts = tuple(_shown(raw.decode("utf-8", "replace"), most=MOST_CHARACTERS) for raw in raw_texts[:MOST_TEXTS])
    wanted = expected.encode()
    if wanted in raw_texts:
        return TxtAnswer(seen=Seen.FOUND, texts=texts)
    return TxtAnswer(seen=Seen.OTHER_TXT, texts=texts, quoted=b'"%s"' % wanted in raw_texts)


def _shown(text: str, *, most: int) -> str:
    """Control characters, NUL (which PostgreSQL refuses) and characters that turn the writing round become U+FFFD."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text[:most])


def _without_answer(dns: Any, error: Any, name: Any) -> TxtAnswer:
    if isinstance(error, dns.resolver.NXDOMAIN):
        return _alias(error.kwargs["responses"][name].resolve_chaining()) or TxtAnswer(seen=Seen.NO_NAME)
    reason = NotKnown.SERVERS_FAIL
    if isinstance(error, dns.resolver.NoResolverConfiguration):
        reason = NotKnown.NO_RESOLVER
    elif isinstance(error, dns.exception.Timeout):
        reason = NotKnown.SERVERS_SILENT
    elif isinstance(error, dns.resolver.NoNameservers) and _refused(error.kwargs["errors"]):
        reason = NotKnown.SERVERS_REFUSE
    return TxtAnswer(seen=Seen.NOT_KNOWN, reason=reason)


def _refused(errors: Sequence[tuple[Any, ...]]) -> bool:
    """dnspython keeps, per server, its address and port and the text of the answer's code."""
    return bool(errors) and str(errors[-1][3]) == "REFUSED"
