"""Pictures of the handbook, of a demonstration that is being served.

    catering demo --port 8077
    python -m tests.web.handbook_pictures http://127.0.0.1:8077

Each is what a person of that role sees on the device they use, reached by the links of the pages. ``test_handbook.py``
holds that the handbook shows every picture, and that every picture is one of these.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser

from tests.lints.sources import ROOT
from tests.web.browsing import Watched, browser, sized, watched

FOLDER = ROOT / "docs" / "handbook" / "images"
QUALITY = 62
"""Of a JPEG: text stays sharp, thirty pictures stay below three megabytes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``links`` are the names of the links that lead from the first page of the persona to the one shown. ``visit``
    shows what a newcomer is offered."""

    name: str
    persona: str
    size: str
    links: tuple[str, ...] = ()
    visit: bool = False

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}.jpg"


PICTURES = (
    Picture("ma-semaine", "chef", "tablet"),
    Picture("remplacer-un-plat", "chef", "tablet", ("Suivante", "Suivante", "Suivante", "Remplacer")),
    Picture("commander", "chef-2", "tablet", ("Commander", "Suivante")),
    Picture("receptionner", "chef", "tablet", ("Réceptionner",)),
    Picture("peser", "chef", "phone", ("Peser",)),
    Picture("effectifs", "chef", "tablet", ("Effectifs",)),
    Picture("menus-du-mois", "chef", "tablet", ("Menus du mois",)),
    Picture("menus-de-la-semaine", "chef", "phone", ("Menus du mois", "Menus de la semaine")),
    Picture("produits-durables", "chef", "phone", ("Menus du mois", "Menus de la semaine", "Produits durables")),
    Picture("consultations", "gestionnaire", "tablet", ("Consultations",)),
    Picture("visite-guidee", "chef-3", "tablet", visit=True),
    Picture("a-preparer", "producer", "phone"),
    Picture("mes-produits", "producer", "phone", ("Mes produits",)),
    Picture("quantites", "producer-2", "phone", ("Mes produits", "Toutes les quantités")),
    Picture("certificats", "producer", "phone", ("Certificats",)),
    Picture("besoins-a-venir", "producer", "phone", ("Besoins à venir",)),
    Picture("pourquoi-pas-moi", "producer", "phone", ("Besoins à venir", "Pourquoi pas moi ?")),
    Picture("factures", "producer-2", "phone", ("Factures",)),
    Picture("la-grille", "nutrition_manager", "desktop"),
    Picture("a-redresser", "nutrition_manager", "desktop", ("À redresser",)),
    Picture("achats", "nutrition_manager", "desktop", ("Achats",)),
    Picture("bilans", "nutrition_manager", "desktop", ("Bilans",)),
    Picture("hors-europe", "nutrition_manager", "desktop", ("Achats", "Hors d'Europe")),
    Picture(
        "vingt-repas", "nutrition_manager", "desktop", ("Collège de l'Europe", "Les 20 repas", "Fromages à 150 mg")
    ),
    Picture("gaspillage", "nutrition_manager", "desktop", ("Gaspillage",)),
    Picture(
        "gaspillage-d-un-college", "nutrition_manager", "tablet", ("Gaspillage", "Grand Calais", "Collège Jean Monnet")
    ),
    Picture("plans", "departement", "desktop"),
    Picture("nouveau-plan", "departement", "desktop", ("Nouveau plan",)),
    Picture("carte", "departement", "desktop", ("Carte",)),
    Picture("seuils", "departement", "desktop", ("Seuils",)),
    Picture("un-plan", "departement", "desktop", ("n° 1",)),
    Picture("agrements", "departement", "desktop", ("Agréments",)),
)


async def take(launched: Browser, site: str, picture: Picture) -> None:
    """Make one picture."""
    context = await launched.new_context(**sized(picture.size, color_scheme="light"))
    page = await watched(context, site)
    await page.enter(picture.persona)
    if not picture.visit:
        await _end_visit(page)
    for link in picture.links:
        await page.page.get_by_role("link", name=link).first.click()
        await page.page.wait_for_load_state("networkidle")
    await page.page.screenshot(path=picture.file, type="jpeg", quality=QUALITY)
    await context.close()


async def _end_visit(page: Watched) -> None:
    """The visit is offered once to everybody: the pictures show the pages themselves."""
    ending = page.page.get_by_role("button", name="Ne plus la proposer")
    if await ending.count():
        await ending.click()
        await page.page.get_by_role("link", name="Mon compte").or_(page.page.locator(".brand")).first.click()
        await page.page.wait_for_load_state("networkidle")


async def main(site: str) -> None:
    """Make all of them."""
    FOLDER.mkdir(exist_ok=True)
    async with browser() as launched:
        for picture in PICTURES:
            await take(launched, site, picture)
            sys.stdout.write(f"{picture.file.relative_to(ROOT)}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
