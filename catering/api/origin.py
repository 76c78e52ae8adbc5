"""Whether a request comes from our own pages: browsers say so, other sites' pages cannot pretend."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from catering.refusal import NotAllowed
from catering.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_NAMES = frozenset({"localhost"})


class ForeignOrigin(NotAllowed):
    """The request was sent by a page of another site, or its origin cannot be told."""

    def __init__(self) -> None:
        super().__init__("Demande refusée : elle ne vient pas des pages de ce site. Recommencer depuis ce site.")


def refuse_foreign(connection: HTTPConnection, config: Settings, *, with_cookie: bool) -> None:
    """Refuse what another site's page sends through its visitor's browser.

    Only unsafe methods and websockets are looked at. ``Origin`` decides when there is one, else ``Sec-Fetch-Site``. No
    browser leaves out both, so a request without either is a program's: it is let through unless it carries a cookie.

    Raises:
        ForeignOrigin: the request is refused.
    """
    if connection.scope["type"] == "http" and connection.scope["method"] in SAFE_METHODS:
        return
    origin = connection.headers.get("origin")
    if origin is not None:
        own = is_own_origin(connection, config, origin)
    elif (site := connection.headers.get("sec-fetch-site")) is not None:
        own = site == "same-origin"
    else:
        own = not with_cookie
    if not own:
        raise ForeignOrigin


def is_own_origin(connection: HTTPConnection, config: Settings, origin: str) -> bool:
    """Whether an origin is the site's: the configured one, or the host that the request itself names."""
    if config.public_url is not None:
        return origin == config.public_url
    return urlsplit(origin).netloc == connection.headers.get("host")


def names_this_machine(connection: HTTPConnection, config: Settings) -> bool:
    """Whether the request names the server by an address or by a name of its own.

    A page elsewhere can make its own name point to this machine (DNS rebinding) and then is no other site for the
    browser. It cannot name the server otherwise than by that name, so strange names are shown no demonstration.
    """
    name = urlsplit(f"//{connection.headers.get('host', '')}").hostname or ""
    if name in OWN_NAMES | {config.host, urlsplit(config.own_url).hostname}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
