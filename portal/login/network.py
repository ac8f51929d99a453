"""The network that somebody calls from: what counts as one caller where nobody has logged in."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

# Somebody with an IPv6 address has the whole network around it.
_NETWORK_BITS = 64


@lru_cache(1_000)
def network_of(host: str) -> str:
    """Give an IPv4 address as it is, and of an IPv6 address its /64."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - _NETWORK_BITS))
    return str(getattr(address, "ipv4_mapped", None) or address)
