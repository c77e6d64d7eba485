"""Which IP addresses are public. Pure: no sockets, no names.

The threat: a URL that a stranger named makes us talk to our own network. Python's tables alone are not enough: they
differ by patch release, call multicast global, and know nothing of IPv4 addresses hidden inside IPv6 ones.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_DENIED_V4 = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata service lives here too
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's host agent, on an address that looks public
    )
)
_GLOBAL_UNICAST = ip_network("2000::/3")
_DENIED_V6 = tuple(
    ip_network(text)
    for text in (
        "2001::/23",  # Teredo and other protocol assignments
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


def is_public(address: str) -> bool:
    """Whether this literal address (as getaddrinfo returns it) is an ordinary public unicast address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _v4_is_public(parsed) if isinstance(parsed, IPv4Address) else _v6_is_public(parsed)


def _v4_is_public(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in net for net in _DENIED_V4)


def _v6_is_public(address: IPv6Address) -> bool:
    # Everything outside 2000::/3 goes at once: loopback, link-local, unique local, multicast, and the IPv4-mapped,
    # IPv4-compatible and NAT64 forms that carry an IPv4 address.
    if address.scope_id is not None or address not in _GLOBAL_UNICAST or not address.is_global:
        return False
    if any(address in net for net in _DENIED_V6):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP
