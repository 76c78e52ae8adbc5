"""Établissements de soins: registered and corrected by a plain form, faults beside their fields; nobody else has it."""

import re

import pytest
from sqlalchemy import select

from catering.kitchens.models import Kitchen
from catering.people.models import ChangeEvent
from catering.people.viewer import Role
from tests.people.conftest import Site
from tests.web.conftest import browser_of

PATH = "/departement/gaspillage/etablissements"
FINESS = "620103440"
TYPED = {
    "finess": "62 010 344 0",
    "nom": "EHPAD des Tilleuls",
    "genre": "EHPAD",
    "adresse": "2 rue des Tilleuls",
    "code-postal": "62000",
    "commune": "arras",
    "epci": "CU d'Arras",
    "residents": "80",
    "denrees": "2,60",
}


async def form(browser, query: str = "") -> dict[str, str]:  # type: ignore[no-untyped-def]
    """What the hidden fields of the form bring."""
    page = (await browser.get(f"{PATH}{query}")).text
    hidden = page.split(f'method="post" action="{PATH}"', 1)[1]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', hidden))


async def test_it_is_registered_listed_and_corrected(site: Site) -> None:
    browser = await browser_of(site, Role.DEPARTEMENT)
    done = await browser.post(PATH, await form(browser) | TYPED)
    assert done.headers["location"] == f"{PATH}?fait=finess"
    page = (await browser.get(f"{PATH}?fait=finess")).text
    assert all(each in page for each in ("EHPAD des Tilleuls", FINESS, "inviter son cuisinier"))
    hidden = await form(browser, f"?corriger={FINESS}")
    shown = (await browser.get(f"{PATH}?corriger={FINESS}")).text
    assert all(f'value="{each}"' in shown for each in (FINESS, "2 rue des Tilleuls", "Arras", "80", "2,6"))
    corrected = await browser.post(PATH, TYPED | hidden | {"residents": "82"})
    assert corrected.headers["location"] == f"{PATH}?fait=finess-corrige"
    async with site.database.reading() as session:
        (row,) = await session.scalars(select(Kitchen).where(Kitchen.uai == FINESS))
        events = await session.scalars(select(ChangeEvent).where(ChangeEvent.key == FINESS))
        assert (row.pupils, row.commune, row.insee, len(events.all())) == (82, "Arras", "62041", 2)


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"finess": "620103441"}, "finess", "pas un numéro FINESS"),
        ({"genre": ""}, "genre", "Genre : en choisir un."),
        ({"commune": "Aras"}, "commune", "Vouliez-vous dire Arras"),
        ({"code-postal": "6200"}, "code-postal", "donner cinq chiffres"),
        ({"epci": "CU d'Aras"}, "epci", "écrire «\u00a0CU d'Arras\u00a0»"),
        ({"residents": "beaucoup"}, "residents", "nombre entier"),
        ({"denrees": "260"}, "denrees", "50 € au plus"),
    ],
)
async def test_what_is_wrong_is_told_beside_its_field_and_all_that_was_typed_stays(
    wrong: dict[str, str], field: str, told: str, site: Site
) -> None:
    browser = await browser_of(site, Role.DEPARTEMENT)
    refused = await browser.post(PATH, await form(browser) | TYPED | wrong)
    assert refused.status_code == 422
    beside = re.search(rf'id="faute-{field}">(.*?)</span>', refused.text, re.DOTALL)
    assert beside is not None
    plain = beside[1].replace("&#39;", "'").replace("\u00a0", " ")
    assert told.replace("\u00a0", " ") in plain
    assert ".." not in plain
    kept = {name: value for name, value in (TYPED | wrong).items() if name not in ("genre", "epci")}
    assert all(f'name="{name}" type="text" value="{value}"' in refused.text for name, value in kept.items())
    async with site.database.reading() as session:
        assert (await session.scalars(select(Kitchen).where(Kitchen.uai == FINESS))).all() == []


async def test_all_that_the_platform_refuses_is_told_at_once(site: Site) -> None:
    browser = await browser_of(site, Role.DEPARTEMENT)
    wrong = {"finess": "620103441", "code-postal": "6200", "denrees": "0"}
    refused = (await browser.post(PATH, await form(browser) | TYPED | wrong)).text
    assert re.findall(r'id="faute-([a-z-]+)"', refused) == ["finess", "code-postal", "denrees"]


@pytest.mark.parametrize("role", [Role.NUTRITION_MANAGER, Role.AUDITOR])
async def test_who_controls_reads_and_is_shown_no_form(role: Role, site: Site) -> None:
    office = await browser_of(site, Role.DEPARTEMENT)
    await office.post(PATH, await form(office) | TYPED)
    page = (await (await browser_of(site, role)).get(PATH)).text
    assert ("EHPAD des Tilleuls" in page, "Numéro FINESS" in page, "Corriger" in page) == (True, False, False)
