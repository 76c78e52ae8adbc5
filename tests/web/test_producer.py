"""The producer's forms over HTTP: refusals beside their fields, what was typed kept, nothing of another farm."""

import re
from datetime import date
from decimal import Decimal

import httpx
import pytest
from sqlalchemy import select

from catering.market.models import Offer, OfferAllergen
from catering.people.viewer import Role
from catering.rules.allergens import Allergen
from catering.rules.hygiene import ProductCategory
from tests.people.conftest import Browser, Site
from tests.web.conftest import browser_of
from tests.web.test_forms import send

FARM, OTHER = "/fournisseur/ferme_01", "/fournisseur/ferme_00"
PRODUCTS, NEW = f"{FARM}/produits", f"{FARM}/produits/nouveau"
SHEET = {
    "cle": "0f2c8f5e-web-produit", "famille": "FRUITS_ET_LEGUMES", "ingredient": "ingredient_02", "produit": "Carotte",
    "conditionnement": "sac de 5 kg", "poids": "5", "prix": "9,50", "tva": "5.5", "origine": "France", "unite": "KG",
}  # fmt: skip


async def producer(site: Site) -> Browser:
    """The producer's browser."""
    return await browser_of(site, Role.PRODUCER)


async def post(site: Site, path: str, **given: str) -> httpx.Response:
    """A form of the producer."""
    return await (await producer(site)).post(path, {"cle": "0f2c8f5e-web"} | given)


async def test_faults_of_a_sheet_stand_beside_their_fields_and_the_rest_is_kept(site: Site) -> None:
    answer = await post(site, NEW, **SHEET | {"tva": "7"})
    assert answer.status_code == 422
    assert 'href="#champ-tva"' in answer.text
    assert 'value="sac de 5 kg"' in answer.text
    listed = await post(site, NEW, **SHEET)
    assert listed.headers["location"] == f"{PRODUCTS}?fait=produit"
    again = await post(site, NEW, **SHEET | {"cle": "0f2c8f5e-encore"})
    assert again.headers["location"] == f"{PRODUCTS}?fait=produit-deja", "nothing is added: it is not said to be"


async def test_a_product_is_copied_with_what_it_says_and_what_it_declares(site: Site) -> None:
    async with site.database.unit_of_work() as session:
        sold = (await session.scalars(select(Offer).where(Offer.slug == "offre_006"))).one()
        sold.allergens_on = date(2026, 9, 1)
        sold.category = ProductCategory.VERY_PERISHABLE
        sold.limit_celsius = Decimal("3.5")
        session.add(OfferAllergen(offer_id=sold.id, allergen=Allergen.MILK, traces=False))
        session.add(OfferAllergen(offer_id=sold.id, allergen=Allergen.SOY, traces=True))
    page = f"{NEW}?comme=offre_006"
    shown = (await (await producer(site)).get(page)).text
    assert "traces : soja" in shown
    given = {"tva": "5.5", "ingredient": "ingredient_00", "unite": "KG", "produit": "Copie"}
    refused = await send(await producer(site), page, NEW, given)
    assert (refused.status_code, 'href="#champ-nature"' in refused.text) == (422, True), "milk says what it is"
    given |= {"certificat": "BIO certificat_01", "nature": "HEATED_MILK"}
    answer = await send(await producer(site), page, NEW, given)
    assert answer.headers["location"] == f"{PRODUCTS}?fait=produit"
    async with site.database.reading() as session:
        copy = (await session.scalars(select(Offer).where(Offer.product == "Copie"))).one()
        stated = await session.scalars(select(OfferAllergen).where(OfferAllergen.offer_id == copy.id))
        assert {(each.allergen, each.traces) for each in stated} == {(Allergen.MILK, False), (Allergen.SOY, True)}
    assert (copy.category, copy.label, copy.pack_g) == (ProductCategory.VERY_PERISHABLE, "BIO", 5_000)
    assert copy.limit_celsius == Decimal("3.5")


@pytest.mark.parametrize(("typed", "said"), [("beaucoup", "écrire un nombre"), ("-3", "écrire des kilogrammes")])
async def test_a_quantity_that_is_none_is_told_at_its_product(typed: str, said: str, site: Site) -> None:
    answer = await post(site, f"{PRODUCTS}/quantite", offre="vente_ferme_01_00", semaine="2026-09-07", kg=typed)
    assert answer.status_code == 422
    assert 'href="#champ-kg-vente_ferme_01_00"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert said in answer.text


async def test_a_quantity_below_what_is_ordered_says_by_whom(site: Site) -> None:
    answer = await post(site, f"{PRODUCTS}/quantite", offre="offre_006", semaine="2026-09-07", semaines="1", kg="1")
    assert answer.status_code == 422
    assert "BC26-" in answer.text


async def test_quantities_of_all_products_are_kept_by_one_form_or_none_is(site: Site) -> None:
    page = f"{PRODUCTS}/semaines?semaine=2026-09-07"
    empty = {"kg-2-vente_ferme_01_00": "", "kg-3-vente_ferme_01_00": ""}
    typed = {"kg-0-vente_ferme_01_00": "120,5", "kg-1-vente_ferme_01_00": "0"} | empty
    wrong = typed | {"kg-1-vente_ferme_01_00": "peu"}
    refused = await post(site, f"{PRODUCTS}/semaines", semaine="2026-09-07", **wrong)
    assert refused.status_code == 422
    assert 'href="#champ-kg-1-vente_ferme_01_00"' in refused.text
    assert 'value="120,5"' in refused.text
    assert 'value="120,5"' not in (await (await producer(site)).get(page)).text
    kept = await post(site, f"{PRODUCTS}/semaines", semaine="2026-09-07", **typed)
    assert kept.headers["location"] == f"{page}&fait=quantites"
    shown = (await (await producer(site)).get(page)).text
    field = r'name="kg-{}-vente_ferme_01_00"[^>]* value="{}"'
    assert [bool(re.search(field.format(*each), shown)) for each in ((0, "120,5"), (1, "0"))] == [True, True]


async def test_a_quantity_that_the_page_showed_and_nobody_changed_puts_back_nothing(site: Site) -> None:
    """An older tab, or another person of the farm: what it still shows is not what is wanted now."""
    path, first, second = f"{PRODUCTS}/semaines", "kg-0-vente_ferme_01_00", "kg-1-vente_ferme_01_00"
    await post(site, path, semaine="2026-09-07", **{first: "27", second: "27"})
    older = {f"avant-{first}": "27", f"avant-{second}": "27", first: "27", second: "30"}
    await post(site, path, semaine="2026-09-07", cle="0f2c8f5e-web-autre", **{first: "51"})
    kept = await post(site, path, semaine="2026-09-07", cle="0f2c8f5e-web-ancien", **older)
    assert kept.status_code == 303
    shown = (await (await producer(site)).get(f"{path}?semaine=2026-09-07")).text
    field = r'name="{}"[^>]* value="{}"'
    assert [bool(re.search(field.format(*each), shown)) for each in ((first, "51"), (second, "30"))] == [True, True]
    same = await post(site, path, semaine="2026-09-07", cle="0f2c8f5e-web-rien", **older | {second: "27"})
    assert "Aucune quantité n&#39;a changé" in same.text


async def test_quantities_of_all_products_below_what_is_ordered_say_of_which_and_by_whom(site: Site) -> None:
    answer = await post(site, f"{PRODUCTS}/semaines", semaine="2026-09-07", **{"kg-0-offre_006": "1"})
    assert answer.status_code == 422
    assert "Produit 6" in answer.text
    assert "BC26-" in answer.text


async def test_a_pause_is_stated_once_and_taken_back(site: Site) -> None:
    browser, away = await producer(site), {"du": "01/02/2027", "au": "05/02/2027", "motif": "Travaux"}
    done = await send(browser, PRODUCTS, f"{PRODUCTS}/pause", away)
    assert done.headers["location"].endswith("&fait=pause")
    again = await send(browser, PRODUCTS, f"{PRODUCTS}/pause", away)
    assert (again.status_code, "Une pause couvre déjà" in again.text) == (422, True)
    back = await send(browser, PRODUCTS, f"{PRODUCTS}/reprise", {})
    assert back.headers["location"].endswith("&fait=reprise")


async def test_refusing_needs_a_reason_and_a_change_of_day_one_that_can_be(site: Site) -> None:
    order = f"{FARM}/commandes/1"
    refused = await post(site, f"{order}/refuser")
    assert 'href="#champ-refus"' in refused.text
    sunday = await post(site, f"{order}/proposer", motif="Gel", livraison="2026-09-13", **{"colis-1": "4"})
    assert (sunday.status_code, 'href="#champ-livraison"' in sunday.text) == (422, True)
    moved = await post(site, f"{order}/proposer", motif="Gel", livraison="2026-09-07", **{"colis-1": "4"})
    assert moved.headers["location"] == f"{order}?fait=changement"


async def test_an_order_shows_only_what_may_still_be_done_with_it(site: Site) -> None:
    order = f"{FARM}/commandes/1"
    shown = (await (await producer(site)).get(order)).text
    assert all(verb in shown for verb in ("Accepter la commande", "Proposer le changement", "Refuser toute"))
    await post(site, f"{order}/accepter")
    accepted = (await (await producer(site)).get(order)).text
    assert "Proposer le changement" in accepted
    assert "Accepter la commande" not in accepted
    assert "Refuser toute" not in accepted
    await post(
        site, f"{order}/proposer", cle="0f2c8f5e-change", motif="Gel", livraison="2026-09-07", **{"colis-1": "1"}
    )
    changed = (await (await producer(site)).get(order)).text
    assert "Proposer le changement" in changed
    assert "Accepter la commande" not in changed
    assert "Refuser toute" not in changed, "what was accepted is due until the kitchen answers"


async def test_a_cancellation_asked_late_is_answered(site: Site) -> None:
    order = f"{FARM}/commandes/4"
    assert "Le collège demande d" in (await (await producer(site)).get(order)).text
    answer = await post(site, f"{order}/annulation", reponse="oui")
    assert answer.headers["location"] == f"{order}?fait=annulation-repondue"


async def test_a_bill_needs_something_received(site: Site) -> None:
    answer = await post(site, f"{FARM}/factures", commande="1", semaine="2026-09-07")
    assert answer.status_code == 422
    assert "À corriger" in answer.text


@pytest.mark.parametrize("path", ["preparer", "produits", "besoins", "factures", "produits/nouveau"])
async def test_the_pages_of_another_farm_are_not_found(path: str, site: Site) -> None:
    assert (await (await producer(site)).get(f"{OTHER}/{path}")).status_code == 404


async def test_a_certificate_is_sent_with_its_file_and_a_fault_keeps_what_was_typed(site: Site) -> None:
    browser, action = await browser_of(site, Role.PRODUCER), f"{FARM}/certificats"
    typed = {
        "cle": "0f2c8f5e-certificat", "signe": "BIO", "organisme": "Ferme sûre", "numero": "B-2026-77",
        "du": "2026-01-01", "au": "2026-10-01",
    }  # fmt: skip
    scan = {"fichier": ("bio.pdf", b"%PDF-1.4 certificat", "application/pdf")}
    refused = await browser.post(action, typed, files=scan)
    assert (refused.status_code, 'value="B-2026-77"' in refused.text) == (422, True)
    assert 'href="#champ-numero"' in refused.text
    given = typed | {"organisme": "FR-BIO-01", "cle": "0f2c8f5e-certificat-2"}
    sent = await browser.post(action, given, files=scan)
    assert sent.headers["location"] == f"{action}?fait=certificat"
    shown = (await browser.get(action)).text
    assert "B-2026-77" in shown
    assert "se termine dans 30 jours : le renouveler" in shown
