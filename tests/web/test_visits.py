"""The guided first visit: offered to who comes for the first time, followed page by page, ended for good."""

import re
from html import unescape

import pytest

from catering.people.viewer import Role, Viewer
from catering.web.navigation import ENTRIES
from catering.web.visits import VISITS, addresses, start
from tests.people.conftest import Browser, Site
from tests.web.conftest import browser_of

NEXT = re.compile(r'<a class="button" href="([^"]*visite=\d+)">')
OFFER = "Première visite ?"


def key_of(text: str) -> str:
    """The idempotency key of the form that ends the visit."""
    found = re.search(r'action="/compte/visite"><input type="hidden" name="cle" value="(\w+)"', text)
    assert found is not None
    return found[1]


async def arrived(browser: Browser) -> str:
    """The page where somebody arrives."""
    return (await browser.get((await browser.get("/")).headers["location"])).text


@pytest.mark.parametrize("role", Role)
async def test_every_role_is_led_through_pages_of_its_own(role: Role, site: Site) -> None:
    browser = await browser_of(site, role)
    page, seen = await arrived(browser), []
    assert OFFER in page
    while found := NEXT.search(page):
        answer = await browser.get(found[1])
        assert answer.status_code == 200, found[1]
        page = answer.text
        seen.append(found[1].split("?")[0])
        assert f"étape {len(seen)} sur {len(VISITS[role])}" in page
        assert VISITS[role][len(seen) - 1].text in unescape(page)
    assert len(set(seen)) == len(VISITS[role])
    assert "Terminer la visite" in page


@pytest.mark.parametrize("role", Role)
def test_a_visit_shows_what_stands_in_the_navigation(role: Role) -> None:
    assert {step.path for step in VISITS[role]} <= {entry.path for entry in ENTRIES[role]}


async def test_who_ended_it_is_not_offered_it_again_and_finds_it_in_the_account(site: Site) -> None:
    browser = await browser_of(site, Role.CHEF)
    form = {"cle": key_of(await arrived(browser))}
    for _ in range(2):
        answer = await browser.post("/compte/visite", form)
        assert (answer.status_code, "visite" in answer.headers["location"]) == (303, True)
    assert OFFER not in await arrived(browser)
    another = await browser_of(site, Role.CHEF)
    assert OFFER not in await arrived(another)
    assert OFFER in await arrived(await browser_of(site, Role.GESTIONNAIRE))
    first = re.search(r'href="([^"]*visite=1)"', (await browser.get("/compte")).text)
    assert first is not None
    again = (await browser.get(first[1])).text
    assert "étape 1 sur" in again
    assert "/compte/visite" not in again


async def test_a_step_on_another_page_or_out_of_the_visit_says_nothing(site: Site) -> None:
    browser = await browser_of(site, Role.CHEF)
    for address in ("/compte?visite=1", "/cuisines?visite=99", "/cuisines?visite=%3Cb%3E"):
        assert "Visite guidée" not in (await browser.get(address)).text


def test_who_sells_for_no_farm_is_shown_no_page_of_a_farm() -> None:
    nobody = Viewer("Sans ferme", Role.PRODUCER, newcomer=True)
    assert addresses(nobody) == []
    assert start(nobody) is None
