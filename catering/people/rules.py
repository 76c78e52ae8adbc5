"""Pure decisions about identities: how long things last, what secrets look like, who may act for what."""

import hashlib
import ipaddress
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from catering.people.viewer import BUYS, SELLS, Role

LINK_LASTS = timedelta(minutes=15)  # legal-number: a mailbox is read at once, nothing of the law
CHALLENGE_LASTS = timedelta(minutes=5)
PROVIDER_LOGIN_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(days=30)
SESSION_SLEEPS = timedelta(days=7)
"""A session nobody used for so long is over."""
NOTED_EVERY = timedelta(minutes=5)
"""How precisely the last use of a session or token is kept: writing at each request would cost more than it tells."""
TOKEN_LASTS_AT_MOST = timedelta(days=366)
LINKS_PER_ADDRESS = 5
LINKS_PER_CLIENT = 30
COUNTED_OVER = timedelta(minutes=15)  # legal-number: window of the rate limit, nothing of the law
SESSION_KEPT = timedelta(days=90)
"""How long people can read where they were signed in, once it is over."""
FORGOTTEN_AFTER = timedelta(days=1)
"""When links, challenges and sign-ins that are over are deleted."""
SECRET_BYTES = 32
PREFIX_BYTES = 4
TOKEN_MARK = "cat"  # noqa: S105 - what every token starts with: scanners of leaked files look for it
IPV6_NETWORK = 64
"""Bits of the network that one subscriber of IPv6 is given."""


class Way(StrEnum):
    """How a session was opened."""

    LINK = "link"
    """A link sent by mail."""
    PASSKEY = "passkey"
    """A passkey of the person's device."""
    PROVIDER = "provider"
    """An OpenID Connect provider."""
    DEMONSTRATION = "demonstration"
    """Chosen among the identities of the demonstration."""


class Ceremony(StrEnum):
    """What a passkey is asked for."""

    REGISTER = "register"
    """To be added to the account of whoever is signed in."""
    SIGN_IN = "sign_in"
    """To say who it is."""


def sha256(secret: str) -> str:
    """What is stored of a secret, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits, as 43 characters that fit in an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_token() -> tuple[str, str]:
    """The prefix of a new API token, and the whole token."""
    prefix = f"{TOKEN_MARK}_{secrets.token_hex(PREFIX_BYTES)}"
    return prefix, f"{prefix}_{new_secret()}"


def client_network(host: str) -> str:
    """Who a network address belongs to, as the rate limit counts: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(address)


def stale(noted: datetime | None, now: datetime) -> bool:
    """Whether a last use is due to be noted again."""
    return noted is None or now - noted >= NOTED_EVERY


def may_act_for_kitchens(role: Role) -> bool:
    """Whether accounts of this role are granted kitchens."""
    return role in BUYS


def may_act_for_suppliers(role: Role) -> bool:
    """Whether accounts of this role are granted suppliers."""
    return role in SELLS
