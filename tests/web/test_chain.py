"""The whole chain in one browser: listed by a farm, ordered, accepted, received, counted, shown to diners."""

from datetime import UTC, datetime

import pytest

from catering.moment import Clock
from tests.people.conftest import Opened
from tests.web.browsing import Watched, browser, chromium, served, sized, watched

KITCHEN, FARM, SHOWN = "/cuisine/0620000A", "/fournisseur/ferme_01", "/colleges/0620000A/egalim?annee=2026"
SHEET = f"{KITCHEN}/conformite?annee=2026"
WEEK = "2026-09-07"
LEEK = "Poireau du marais"


async def lists(page: Watched) -> None:
    """A farm puts an organic product on sale, with a quantity for the week."""
    at = page.page
    await page.enter("producer")
    await page.open(f"{FARM}/produits/nouveau?famille=FRUITS_ET_LEGUMES")
    await at.get_by_label("Ingrédient").select_option(index=1)
    await at.get_by_label("Nom du produit").fill(LEEK)
    await at.get_by_label("Conditionnement").fill("caisse de 8 kg")
    await at.get_by_label("Poids d'un colis, kg").fill("8")
    await at.get_by_label("Prix d'un colis HT, €").fill("12,40")
    await at.get_by_label("Signe et certificat").select_option(index=1)
    await at.get_by_role("button", name="Mettre en vente").click()
    await at.get_by_text("Produit ajouté").wait_for()
    await page.open(f"{FARM}/produits?semaine={WEEK}")
    await at.get_by_label(f"kg par semaine de {LEEK}").fill("400")
    await at.get_by_role("button", name=f"Enregistrer la quantité de {LEEK}").click()
    await at.get_by_text("Quantité enregistrée").wait_for()


async def publishes(page: Watched) -> None:
    """The Département puts another plan into use."""
    at = page.page
    await page.enter("departement")
    await page.open("/departement/plans/3/publier")
    await at.get_by_label("J'ai lu ce que la publication change").check()
    await at.get_by_role("button", name="Publier le plan n° 3").click()
    await at.get_by_text("Le plan est en service : menus").wait_for()


async def orders(page: Watched) -> None:
    """The chef finds what the farm has listed, adds it to the basket and sends it."""
    at = page.page
    await page.enter("chef")
    await page.open(f"{KITCHEN}/commander/ajouter?semaine={WEEK}&mots=poireau")
    await at.get_by_label(f"Conditionnements de {LEEK}").fill("20")
    await at.get_by_role("button", name=f"Ajouter {LEEK}").click()
    await at.get_by_text("Le produit est ajouté au panier").wait_for()
    await at.get_by_role("button", name="Envoyer 1 commande").click()
    await at.get_by_text("Les commandes sont parties").wait_for()


async def accepts(page: Watched) -> None:
    """The farm accepts the order that holds it."""
    at = page.page
    await page.enter("producer")
    await page.open(f"{FARM}/preparer?semaine={WEEK}")
    await at.get_by_role("link", name="Répondre à Collège 0").last.click()
    await at.get_by_label(f"Colis de {LEEK}").wait_for()
    await at.get_by_role("button", name="Accepter la commande").click()
    await at.get_by_text("Commande acceptée").wait_for()


async def receives(page: Watched) -> None:
    """On the day, the chef checks it in."""
    at = page.page
    await page.enter("chef")
    await page.open(f"{KITCHEN}/receptions")
    await at.get_by_role("link", name="Contrôler la livraison").last.click()
    await at.get_by_text(LEEK).first.wait_for()
    await at.get_by_role("button", name="Enregistrer la réception").click()
    await at.get_by_text("Réception enregistrée").wait_for()


async def reads(page: Watched, path: str, share: str) -> None:
    """A page tells the organic share of the kitchen's purchases."""
    await page.open(path)
    told = await page.page.locator("main").inner_text()
    assert f"{share}\u00a0%" in told or f"{share} %" in told or f"{share}\u202f%" in told, told


async def test_from_the_field_to_the_poster(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    chromium()
    async with opened(demo_identity=True, public_url=None) as site, served(site.app) as address, browser() as launched:
        context = await launched.new_context(**sized("desktop"))
        context.set_default_timeout(15_000)
        page = await watched(context, address)
        await reads(page, SHOWN, "33,33")
        await page.enter("nutrition_manager")
        await reads(page, SHEET, "33,33")
        for step in (lists, publishes, orders, accepts):
            await step(page)
        monkeypatch.setattr(Clock, "fixed", datetime(2026, 9, 7, 8, 0, tzinfo=UTC))
        await receives(page)
        await page.enter("nutrition_manager")
        await reads(page, SHEET, "45,16")
        await context.clear_cookies()
        await reads(page, SHOWN, "45,16")
        assert page.complaints == []
