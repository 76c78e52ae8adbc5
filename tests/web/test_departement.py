"""The pages of the Département: whose flows the map draws, and what the page of a plan tells at a glance."""

import re

import pytest

from catering.market.models import Supplier, SupplierKind
from catering.people.viewer import Role
from tests.people.conftest import Site
from tests.web.conftest import browser_of

MAP = "/departement/carte"
LINE = re.compile(r"<line [^>]*><title>([^<]+) → ")


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        ({}, {"Ferme 1"}),
        ({"vendeurs": "producteurs"}, {"Ferme 1"}),
        ({"vendeurs": "grossistes"}, {"Ferme 0"}),
        ({"vendeurs": "tous"}, {"Ferme 0", "Ferme 1"}),
        ({"vendeurs": "personne"}, {"Ferme 1"}),
    ],
)
async def test_the_map_draws_the_flows_of_farms_first_which_wholesalers_would_hide(
    asked: dict[str, str], drawn: set[str], site: Site
) -> None:
    async with site.database.unit_of_work() as session:
        for number, kind in ((1, SupplierKind.WHOLESALER), (2, SupplierKind.PRODUCER)):
            (await session.get_one(Supplier, number)).kind = kind
    page = await (await browser_of(site, Role.DEPARTEMENT)).get(MAP, params=asked)
    assert set(LINE.findall(page.text)) & {"Ferme 0", "Ferme 1"} == drawn


async def test_the_page_of_a_plan_tells_its_territory_and_folds_the_rules_it_keeps(site: Site) -> None:
    page = (await (await browser_of(site, Role.DEPARTEMENT)).get("/departement/plans/1")).text
    assert "Santé, environnement, territoire" in page
    assert "Part des circuits courts" in page
    assert "Gaspillage compté" not in page, "a plan that counts no waste tells none"
    rules = page.split("<h2>Règles</h2>")[1].split("<h2>Par cuisine</h2>")[0]
    for row in re.findall(r"<tr><th scope=.row.*?</tr>", rules.split("<details>")[0]):
        assert "manquée" in row


async def test_a_criterion_of_the_week_opens_its_dishes(site: Site) -> None:
    browser = await browser_of(site, Role.CHEF)
    week = await browser.get("/cuisine/0620000A/semaine?semaine=2026-09-07")
    (link,) = re.findall(r'href="(/cuisine/0620000A/vingt-repas\?annee=2026-27&amp;critere=VEG-01#critere)"', week.text)
    opened = await browser.get(link.replace("&amp;", "&").partition("#")[0])
    assert 'id="critere"' in opened.text
