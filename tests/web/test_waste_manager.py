"""Pages of waste as the nutrition manager reads them: words of the trade, and one subject of the navigation."""

import re

import pytest

from catering.people.viewer import Role
from catering.web.wording import signer
from tests.people.conftest import Site
from tests.web.conftest import browser_of


def test_traces_name_an_account_in_french() -> None:
    assert [signer(each) for each in ("account 12", "Département", "account de test")] == [
        "le compte n° 12", "Département", "account de test",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "current"),
    [("/nutrition/pesees", True), ("/nutrition/portions", True), ("/departement/gaspillage", True), ("/achats", False)],
)
async def test_all_pages_of_waste_are_marked_as_one_subject(path: str, current: bool, site: Site) -> None:
    page = (await (await browser_of(site, Role.NUTRITION_MANAGER)).get(path)).text
    (link,) = re.findall(r'<a href="/departement/gaspillage"([^>]*)>Gaspillage</a>', page)
    assert ("aria-current" in link) is current


async def test_a_manager_reads_words_of_the_trade_and_no_name_of_a_program(site: Site) -> None:
    browser = await browser_of(site, Role.NUTRITION_MANAGER)
    drawn = await browser.post("/nutrition/pesees", {"cle": "bilan-page-0001", "du": "2026-03-01", "au": "2026-09-01"})
    assert drawn.status_code == 303
    lesson = (await browser.get("/nutrition/pesees")).text
    assert ("par le compte n°" in lesson, "account" in lesson) == (True, False)
    causes = (await browser.get("/departement/gaspillage?par=CAUSE&du=2026-09-01&au=2026-09-30")).text
    assert ("Mangeable" in causes, ">Par couvert<" in causes) == (True, False)
