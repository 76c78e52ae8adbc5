"""Which network address asks, when relays stand between it and us: what limits are counted by."""

import ipaddress
from collections.abc import Sequence

from starlette.requests import HTTPConnection

from catering.settings import Network, Settings

FORWARDED = "x-forwarded-for"
UNKNOWN_CLIENT = "unknown"
MOST_RELAYS = 20  # legal-number: entries of a header, nothing of a law
"""Addresses read of a list: no true way here is longer."""


def client_of(connection: HTTPConnection, config: Settings) -> str:
    """The address of who asks, as far as it can be believed.

    A relay writes at the right end of ``X-Forwarded-For`` whom it was asked by. So the list is read from the right,
    only as long as whoever wrote the entry is one of our relays: what stands further left may be invented.
    """
    here = connection.client.host if connection.client else UNKNOWN_CLIENT
    said = [each.strip() for line in connection.headers.getlist(FORWARDED) for each in line.split(",")]
    for written in reversed(said[-MOST_RELAYS:]):
        if not _is_relay(here, config.relays):
            break
        if _address(written) is None:
            # One of ours wrote something else than an address ("unknown"): it is the last one known.
            break
        here = str(_address(written))
    return here


def _is_relay(host: str, relays: Sequence[Network]) -> bool:
    address = _address(host)
    return address is not None and any(address in each for each in relays if each.version == address.version)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as relays write it: bare, with its port, or in brackets; an IPv4 one within IPv6 is the IPv4 one."""
    bare = text.partition("]")[0][1:] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
