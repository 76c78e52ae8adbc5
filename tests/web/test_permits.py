"""Agréments: the Département finds a permit and ends it by a plain form; nobody else is shown one."""

import re
from datetime import date

import pytest

from catering.market.models import HygienePermit
from catering.people.viewer import Role
from tests.people.conftest import Site
from tests.web.conftest import browser_of

PATH = "/departement/agrements"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
NAMES = re.compile(r'<h2 id="fournisseur-(ferme_[0-9]+)"')


@pytest.mark.parametrize(("words", "found"), [("FERME_01", ["ferme_01"]), ("2026-0002", ["ferme_01"]), ("xyz", [])])
async def test_a_supplier_is_found_by_name_or_by_the_number_of_its_permit(
    words: str, found: list[str], site: Site
) -> None:
    page = await (await browser_of(site, Role.DEPARTEMENT)).get(f"{PATH}?mots={words}")
    assert NAMES.findall(page.text) == found
    assert ("Aucun fournisseur trouvé" in page.text) is (not found)


async def test_a_permit_is_ended_with_a_reason_that_everybody_reads(site: Site) -> None:
    browser = await browser_of(site, Role.DEPARTEMENT)
    page = (await browser.get(f"{PATH}?mots=2026-0002")).text
    given = dict(HIDDEN.findall(page.split(f'method="post" action="{PATH}"', 1)[1]))
    refused = await browser.post(PATH, given | {"dernier-2": "2026-08-31"})
    assert (refused.status_code, "Motif : dire pourquoi" in refused.text) == (422, True)
    assert 'value="2026-08-31"' in refused.text
    done = await browser.post(PATH, given | {"dernier-2": "2026-08-31", "motif-2": "Suspendu par la DDPP"})
    assert done.headers["location"].startswith(f"{PATH}?fait=agrement-")
    async with site.database.reading() as session:
        row = await session.get_one(HygienePermit, 2)
    assert (row.valid_to, row.withdrawn_reason) == (date(2026, 8, 31), "Suspendu par la DDPP")
    again = (await browser.get(f"{PATH}?mots=2026-0002")).text
    assert ("Suspendu par la DDPP" in again, "Mettre fin" in again) == (True, False)


async def test_who_controls_reads_and_is_shown_no_form(site: Site) -> None:
    page = await (await browser_of(site, Role.AUDITOR)).get(PATH)
    assert ("2026-0002" in page.text, "Mettre fin" in page.text) == (True, False)
