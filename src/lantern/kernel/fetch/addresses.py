"""Which addresses are public, from the IANA special-purpose registries rather than from `ipaddress.is_private`.

Python 3.11 calls 100.64.0.0/10, 64:ff9b::/96, 2002::/16 and multicast "not private" and 192.0.0.8 "global"; the
registries (iana-ipv4-special-registry, iana-ipv6-special-registry, the multicast and reserved blocks) do not, so the
list is written out.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_DENIED_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private use
        "100.64.0.0/10",  # shared address space (carrier NAT; some clouds keep metadata here)
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # not in the registry: the host agent of a large cloud, reachable from every machine in it
        "169.254.0.0/16",  # link local, cloud metadata
        "172.16.0.0/12",  # private use
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",  # private use
        "192.175.48.0/24",  # AS112 direct delegation
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, limited broadcast
    )
)

# Only 2000::/3 is handed out as global unicast. Everything outside it (loopback, mapped and compatible IPv4, both NAT64
# prefixes, discard, segment routing, unique local, link and site local, multicast) is refused by that one rule.
_GLOBAL_V6 = IPv6Network("2000::/3")
_DENIED_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocol assignments: Teredo, benchmarking, ORCHID, AMT, drone remote id
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address inside
        "2620:4f:8000::/48",  # AS112 direct delegation
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Say whether `address` (text, v4 or v6) may be connected to; unreadable text and zone ids may not."""
    if "%" in address:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(parsed) if isinstance(parsed, IPv4Address) else _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in block for block in _DENIED_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    return address in _GLOBAL_V6 and not any(address in block for block in _DENIED_V6)
