"""Where a request comes from: the client's address and its network, for every counter and every record.

X-Forwarded-For is a list that each proxy appends to; what the caller wrote stands on the left. Only the entry written
by the outermost of TRUSTED_PROXIES counts. With fewer entries, or one that is no address, the request did not come that
way: it has the address of the connection. No middleware is needed for this, and a host's REMOTE_ADDR is left as it is.
"""

import ipaddress
import logging
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from django.http import HttpRequest

from fairlead.conf import conf
from fairlead.memory import Memory

log = logging.getLogger(__name__)
_told: Memory[str, bool] = Memory(seconds=3600, size=1)

_UNKNOWN = IPv4Address(0)
_PREFIX = 64  # bits: what one subscriber has (RFC 6177); whoever counts single IPv6 addresses counts nothing


def address(request: HttpRequest) -> str:
    """The client's IP address in its usual form, without port and scope; 0.0.0.0 where there is none."""
    return str(_address(request))


def network(request: HttpRequest) -> str:
    """What attempts are counted by: the IPv4 address, or the IPv6 network of 64 bits."""
    return _network(_address(request))


def network_of(address: str) -> str:
    """The same of an address that was written down."""
    return _network(_parsed(address) or _UNKNOWN)


def _network(found: IPv4Address | IPv6Address) -> str:
    if isinstance(found, IPv4Address):
        return str(found)
    return str(IPv6Network((int(found), _PREFIX), strict=False))


def wider(network: str) -> str:
    """What a customer of a provider may have many `network`s of: 48 bits of IPv6 (RFC 6177), 24 of IPv4."""
    found = ipaddress.ip_network(network)
    return str(found.supernet(new_prefix=24 if found.version == 4 else 48))


def _address(request: HttpRequest) -> IPv4Address | IPv6Address:
    proxies = conf().trusted_proxies
    if proxies:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= proxies and (found := _parsed(hops[-proxies])) is not None:
            return found
        if hops and len(hops) < proxies:
            _tell_too_few(len(hops))
    return _parsed(request.META.get("REMOTE_ADDR") or "") or _UNKNOWN


def _tell_too_few(hops: int) -> None:
    """Once an hour. Nobody else would notice: a caller who adds entries of their own then chooses their address."""
    if _told.get("too few") is None:
        _told.put("too few", True, stamp=_told.stamp)
        log.warning(
            "TRUSTED_PROXIES is higher than the number of proxies that a request came through: set it to theirs",
            extra={"TRUSTED_PROXIES": conf().trusted_proxies, "proxies": hops},
        )


def _parsed(hop: str) -> IPv4Address | IPv6Address | None:
    """The address in one entry, without the port that some proxies write; None for `unknown` and the like."""
    bare = hop
    if hop.startswith("["):
        bare = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        bare = hop.partition(":")[0]
    try:
        # A scope (fe80::1%eth0) means something on its own machine alone, and may be of any length.
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    # One client reaches a dual-stack socket as 203.0.113.7 and as ::ffff:203.0.113.7.
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found
