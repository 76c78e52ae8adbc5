"""Et si ? The Département supposes by a plain form; who controls reads what came of it and is shown no form."""

import re

from sqlalchemy import func, select

from catering.people.viewer import Role
from catering.planning.models import PlanSupposition
from tests.people.conftest import Site
from tests.web.conftest import browser_of

PATH = "/departement/plans/1/et-si"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
FORM = {"nom": "Gel tardif", "fournisseur": "ferme 1", "famille": "FRUITS_ET_LEGUMES", "famille_pct": "+12,5 %"}


async def test_a_change_is_supposed_once_by_a_form_whose_faults_are_told_beside_their_fields(site: Site) -> None:
    browser = await browser_of(site, Role.DEPARTEMENT)
    page = (await browser.get(PATH)).text
    key = dict(HIDDEN.findall(page.split(f'method="post" action="{PATH}"', 1)[1]))
    for wrong, told in (
        ({"nom": "Rien"}, "Remplir un changement au moins"),
        ({**FORM, "nom": ""}, "donner un nom"),
        ({**FORM, "famille_pct": "beaucoup"}, "écrire un pourcentage"),
        ({**FORM, "commune": "Arras", "km": "900"}, "Kilomètres"),
        ({**FORM, "fournisseur": "Personne"}, "Aucun fournisseur ne s"),
    ):
        refused = await browser.post(PATH, key | wrong)
        assert (refused.status_code, told in refused.text) == (422, True), (wrong, refused.status_code)
        assert f'value="{wrong["nom"]}"' in refused.text
    places = [(await browser.post(PATH, key | FORM)).headers["location"] for _ in range(2)]
    assert places[0] == places[1]
    opened = (await browser.get(places[0])).text
    assert "Ferme 1 ne vend plus rien" in opened
    assert "prix des fruits et légumes + 12,5\u00a0%" in opened
    assert "en attente" in opened
    async with site.database.reading() as session:
        kept = await session.scalar(
            select(func.count()).select_from(PlanSupposition).where(PlanSupposition.name == "Gel tardif")
        )
    assert kept == 1


async def test_who_controls_reads_a_supposition_and_is_shown_no_form(site: Site) -> None:
    browser = await browser_of(site, Role.AUDITOR)
    every, one = (await browser.get(PATH)).text, (await browser.get(f"{PATH}/1")).text
    assert ("Sans la ferme 1" in every, f'action="{PATH}"' in every) == (True, False)
    assert "Ferme 1 ne vend plus rien" in one


async def test_a_cook_is_told_of_no_supposition(site: Site) -> None:
    assert (await (await browser_of(site, Role.CHEF)).get(f"{PATH}/1")).status_code == 404


async def test_where_something_is_lacking_no_cost_and_no_rule_is_told(site: Site) -> None:
    async with site.database.unit_of_work() as session:
        row = await session.get_one(PlanSupposition, 1)
        row.result = {**(row.result or {}), "lacking": 3, "lacking_g": 1500}
    browser = await browser_of(site, Role.DEPARTEMENT)
    one, every = (await browser.get(f"{PATH}/1")).text, (await browser.get(PATH)).text
    assert "Aucun coût n'est dit" in one
    assert "3 besoins sans vendeur" in one
    for told in ("190,80", "+9,00", "Par cuisine", "Durables"):
        assert told not in one
    assert 0 < every.count("190,80") == every.count("Sans la ferme 1") - 1, "the others keep their figures"
