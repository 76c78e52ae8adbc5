"""The public pages: what they link to answers, and what they say changes from week to week."""

import re
from datetime import date, timedelta

from catering.web.public.sayings import SAYINGS, saying_of
from tests.api.dataset import SMALL, uai
from tests.people.conftest import Site

MONDAY = date(2026, 9, 7)
FILE = re.compile(r'href="(/menus/[^"]+)"')


async def test_the_open_data_of_the_days_shown_is_there_for_everybody(site: Site) -> None:
    browser = site.browser()
    for path, days in ((f"/colleges/{uai(0)}?semaine={MONDAY}", 7), (f"/colleges/{uai(0)}/menus?mois={MONDAY}", 30)):
        page = await browser.get(path)
        (link,) = FILE.findall(page.text)
        file = await browser.get(link.replace("&amp;", "&"))
        first, last = map(date.fromisoformat, re.findall(r"=(\d{4}-\d{2}-\d{2})", link))
        assert (file.status_code, last - first) == (200, timedelta(days=days - 1))
        assert "2026-09-07" in file.text


async def test_a_college_that_is_none_is_not_found(site: Site) -> None:
    assert (await site.browser().get("/colleges/0629999Z", headers={"accept": "text/html"})).status_code == 404


def test_each_saying_has_its_week() -> None:
    weeks = [saying_of(MONDAY + timedelta(weeks=number)) for number in range(len(SAYINGS))]
    assert len(set(weeks)) == len(SAYINGS)


async def test_a_diner_finds_their_college_from_the_first_page_without_its_number(site: Site) -> None:
    browser = site.browser()
    first = await browser.get((await browser.get("/")).headers["location"])
    assert 'href="/colleges"' in first.text
    found = await browser.get("/colleges", params={"mots": "COLLÈGE commune 0"})
    assert re.findall(r'href="(/colleges/[^"]+)"', found.text) == [f"/colleges/{uai(0)}"]
    every = await browser.get("/colleges")
    assert len(re.findall(r'href="/colleges/\w+"', every.text)) == SMALL.kitchens
    nothing = await browser.get("/colleges", params={"mots": "nulle part"})
    assert "Aucun collège de ce nom" in nothing.text
