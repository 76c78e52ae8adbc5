"""Behind a relay, links are counted by who asks; nobody escapes the count by what they write themselves."""

import httpx
import pytest
from pydantic import ValidationError
from starlette.requests import HTTPConnection

from catering.api.client_address import client_of
from catering.people import rules
from catering.settings import Settings
from tests.people.conftest import SITE, Opened, Site

RELAY = "192.0.2.7"
"""Where the requests of ``opened`` come from."""


def asked_from(client: str, *forwarded: str, relays: str = "") -> str:
    """Who asks, of a connection from an address with these headers."""
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    scope = {"type": "http", "client": (client, 4000), "headers": headers}
    return client_of(HTTPConnection(scope), Settings(trusted_proxies=relays))


@pytest.mark.parametrize(
    ("client", "forwarded", "relays", "who"),
    [
        ("172.18.0.1", ["90.1.2.3"], "", "172.18.0.1"),
        ("172.18.0.1", ["90.1.2.3"], "172.18.0.0/16", "90.1.2.3"),
        ("172.18.0.1", ["1.1.1.1, 90.1.2.3"], "172.18.0.0/16", "90.1.2.3"),
        ("172.18.0.1", ["1.1.1.1, 90.1.2.3, 10.0.0.5"], "172.18.0.0/16, 10.0.0.5", "90.1.2.3"),
        ("172.18.0.1", ["1.1.1.1", "90.1.2.3"], "172.18.0.0/16", "90.1.2.3"),
        ("90.9.9.9", ["1.1.1.1"], "172.18.0.0/16", "90.9.9.9"),
        ("172.18.0.1", ["1.1.1.1, unknown"], "172.18.0.0/16", "172.18.0.1"),
        ("172.18.0.1", [""], "172.18.0.0/16", "172.18.0.1"),
        ("172.18.0.1", ["172.18.0.9"], "172.18.0.0/16", "172.18.0.9"),
        ("::ffff:172.18.0.1", ["90.1.2.3:51234"], "172.18.0.0/16", "90.1.2.3"),
        ("fd00::1", ["[2001:db8::7]:443"], "fd00::/8", "2001:db8::7"),
        ("172.18.0.1", ["1.1.1.1," * 30 + "90.1.2.3"], "172.18.0.0/16", "90.1.2.3"),
        ("172.18.0.1", ["9.9.9.9," + "172.18.0.2," * 30 + "172.18.0.3"], "172.18.0.0/16", "172.18.0.2"),
    ],
)  # fmt: skip
def test_the_list_is_read_from_the_right_and_only_from_relays(
    client: str, forwarded: list[str], relays: str, who: str
) -> None:
    assert asked_from(client, *forwarded, relays=relays) == who


@pytest.mark.parametrize("given", ["relais", "172.18.0.1/16", "0.0.0.0/0", "::/0", "10.0.0.0/99"])
def test_a_relay_is_an_address_or_a_network(given: str) -> None:
    with pytest.raises(ValidationError):
        Settings(trusted_proxies=given)


async def links_of(site: Site, http: httpx.AsyncClient, number: int, forwarded: str) -> list[int]:
    """Codes of so many requests for links, each for another address of mail."""
    return [
        (
            await http.post(
                "/connexion/lien",
                data={"email": f"chef{rank}@college.example.org"},
                headers={"origin": SITE, "x-forwarded-for": forwarded.format(rank)},
            )
        ).status_code
        for rank in range(number)
    ]


async def test_everybody_behind_a_trusted_relay_has_their_own_count(opened: Opened) -> None:
    async with opened(trusted_proxies=RELAY) as site:
        codes = await links_of(site, site.http, rules.LINKS_PER_CLIENT + 5, "90.1.2.{}")
    assert set(codes) == {202}


async def test_one_client_behind_it_is_limited_whatever_it_writes(opened: Opened) -> None:
    async with opened(trusted_proxies=RELAY) as site:
        codes = await links_of(site, site.http, rules.LINKS_PER_CLIENT + 1, "1.1.1.{}, 90.1.2.3")
    assert codes == [202] * rules.LINKS_PER_CLIENT + [429]


async def test_without_the_setting_the_header_is_not_read(opened: Opened) -> None:
    async with opened() as site:
        codes = await links_of(site, site.http, rules.LINKS_PER_CLIENT + 1, "90.1.2.{}")
    assert codes == [202] * rules.LINKS_PER_CLIENT + [429]
