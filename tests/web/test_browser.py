"""Pages in a real browser: stories by keyboard and hand, with and without script; axe at three sizes; pictures."""

import hashlib
from collections.abc import AsyncIterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route

from catering.moment import shown_at
from catering.people.viewer import Role
from tests.api.operations import moment_of
from tests.people.conftest import Opened
from tests.web import browsing
from tests.web.browsing import SHOTS, SIZES, Watched, browser, chromium, served, sized, watched
from tests.web.examples import EXAMPLES
from tests.web.test_assets import vendored_in

VENDOR = Path(__file__).parent / "vendor"
AXE = VENDOR / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIGN_IN = {"sign_in": "/connexion", "not_found": "/rien"}
KITCHEN = "/cuisine/0620000A"
FARM = "/fournisseur/ferme_01"


@pytest.fixture
async def address(opened: Opened) -> AsyncIterator[str]:
    """The address of the small Département, its demonstration open."""
    chromium()
    async with opened(demo_identity=True, public_url=None) as site, served(site.app) as address:
        yield address


async def faults(page: Page) -> list[str]:
    """What axe finds on a page, each with the place."""
    found: Any = await page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


async def each_page(page: Watched) -> AsyncIterator[str]:
    """Opens the page of each example as who it is for, and names it."""
    # Somebody signed in also sees what is open to nobody in particular.
    of_role = sorted(EXAMPLES, key=lambda name: EXAMPLES[name].role or Role.CHEF)
    for role, names in groupby(of_role, lambda name: EXAMPLES[name].role or Role.CHEF):
        await page.page.context.clear_cookies()
        await page.enter(role.value)
        for name in names:
            await page.open(EXAMPLES[name].path)
            yield name


def test_axe_is_the_one_of_the_manifest() -> None:
    (row,) = vendored_in(VENDOR)
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == row["sha256"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_and_each_page_fits_its_screen(size: str, scheme: str, address: str) -> None:
    folder = SHOTS / size
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {}
    async with browser() as launched:
        # The policy stops axe as it stops any script that is not ours: only here it is let in.
        context = await launched.new_context(**sized(size, color_scheme=scheme, bypass_csp=True))
        await context.add_init_script(path=AXE)
        page = await watched(context, address)
        for name, path in SIGN_IN.items():
            await page.page.goto(address + path)
            found[name] = await faults(page.page)
            await page.page.screenshot(path=folder / f"{name}-{scheme}.png", full_page=True)
        async for name in each_page(page):
            found[name] = await faults(page.page)
            wider = await page.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wider > 0:
                found[name].append(f"{wider} px wider than the screen")
            await page.page.screenshot(path=folder / f"{name.replace('/', '_')}-{scheme}.png", full_page=True)
    assert {name: each for name, each in found.items() if each} == {}


async def test_axe_sees_a_fault(address: str) -> None:
    async with browser() as launched:
        context = await launched.new_context(**sized("phone", bypass_csp=True))
        await context.add_init_script(path=AXE)
        page = await watched(context, address)
        await page.open("/connexion")
        await page.page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')")
        assert any(found.startswith("label: <input>") for found in await faults(page.page))


def test_without_a_browser_what_is_left_out_is_said_or_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "CHROMIUM", None)
    monkeypatch.delenv(browsing.REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="left out"):
        chromium()
    monkeypatch.setenv(browsing.REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="left out"):
        chromium()


async def chef_story(page: Any) -> None:
    """From signing in to a week ordered, a delivery checked in and a bin weighed."""
    await page.enter("chef")
    at = page.page
    assert at.url.endswith("/semaine")
    await page.open(f"{KITCHEN}/commander?semaine=2026-09-21")
    await at.get_by_text("Le panier est vide").wait_for()
    await page.open(f"{KITCHEN}/commander?semaine=2026-09-14")
    first = at.locator("[id^=champ-colis-]").first
    await first.fill("beaucoup")
    await first.press("Enter")
    await at.get_by_text("À corriger").wait_for()
    assert await at.locator("[aria-invalid]").input_value() == "beaucoup"
    await at.locator("[aria-invalid]").fill("12")
    await at.locator("[aria-invalid]").press("Enter")
    await at.get_by_text("La ligne est enregistrée").wait_for()
    await at.get_by_role("button", name="Envoyer 2 commandes").click()
    await at.get_by_text("Les commandes sont parties").wait_for()
    await at.get_by_text("envoyée, sans réponse").first.wait_for()
    await page.open(f"{KITCHEN}/receptions/2")
    refused = at.get_by_role("group", name="Décision").nth(1)
    await refused.get_by_text("Refusé").click()
    await at.get_by_role("button", name="Enregistrer la réception").click()
    await at.get_by_role("link", name="dire pourquoi").wait_for()
    assert await refused.get_by_label("Refusé").is_checked()
    await at.locator("#champ-motif-2").select_option("QUALITY")
    for celsius in await at.get_by_label("Température, °C").all():
        await celsius.fill("3")
    await at.get_by_role("button", name="Enregistrer la réception").click()
    await at.get_by_text("Réception enregistrée").wait_for()
    await page.open(f"{KITCHEN}/pesee")
    await at.get_by_text("Restes d'assiette").click()
    await at.get_by_text("Mélangé", exact=True).click()
    await at.get_by_label("Poids avec le bac").fill("9,5")
    await at.get_by_role("button", name="Enregistrer la pesée").click()
    await at.get_by_text("Pesée enregistrée").wait_for()
    await at.get_by_role("cell", name="9,5 kg").wait_for()
    await page.open(f"{KITCHEN}/effectifs?semaine=2026-09-07")
    await at.get_by_label("Prévus").first.fill("280")
    await at.get_by_role("button", name="Enregistrer lundi 7 septembre").click()
    await at.get_by_text("Effectifs enregistrés").wait_for()
    await at.get_by_role("button", name="Se déconnecter").click()
    await at.get_by_text("session sur cet appareil est terminée").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_chef_orders_receives_and_weighs(script: bool, address: str) -> None:
    async with browser() as launched:
        context = await launched.new_context(**sized("tablet", java_script_enabled=script))
        context.set_default_timeout(20_000)
        page = await watched(context, address)
        await chef_story(page)
        assert page.complaints == []


async def producer_story(page: Watched) -> None:
    """From signing in to an order answered, prepared and shipped, a product on sale and an offer sealed."""
    await page.enter("producer")
    at = page.page
    assert at.url.endswith("/preparer")
    await at.get_by_role("link", name="Répondre à Collège 0, commande BC26-000001").click()
    await at.get_by_label("Colis de Produit 6").fill("8")
    await at.get_by_role("button", name="Accepter la commande").click()
    await at.get_by_text("Commande acceptée").wait_for()
    await at.get_by_role("link", name="Préparer ce jour").click()
    await at.get_by_role("button", name="Prête : Collège 0, BC26-000001").click()
    await at.get_by_text("Commande prête").wait_for()
    with shown_at(moment_of("producer/ShipOrder")):
        await at.get_by_role("button", name="Partie : Collège 0, BC26-000001").click()
        await at.get_by_text("Commande partie").wait_for()
    await page.open(f"{FARM}/produits/nouveau?famille=FRUITS_ET_LEGUMES")
    await at.get_by_label("Ingrédient").select_option(index=1)
    await at.get_by_label("Nom du produit").fill("Poireau du marais")
    await at.get_by_label("Conditionnement").fill("caisse de 8 kg")
    await at.get_by_label("Poids d'un colis, kg").fill("huit")
    await at.get_by_label("Prix d'un colis HT, €").fill("12,40")
    await at.get_by_role("button", name="Mettre en vente").click()
    await at.get_by_role("link", name="Poids d'un colis").wait_for()
    assert await at.get_by_label("Nom du produit").input_value() == "Poireau du marais"
    await at.get_by_label("Poids d'un colis, kg").fill("8")
    await at.get_by_role("button", name="Mettre en vente").click()
    await at.get_by_text("Produit ajouté").wait_for()
    await at.get_by_label("kg par semaine de Poireau du marais").fill("120")
    await at.get_by_role("button", name="Enregistrer la quantité de Poireau du marais").click()
    await at.get_by_text("Quantité enregistrée").wait_for()
    await at.get_by_text("120 kg par semaine").wait_for()
    await page.open(f"{FARM}/consultations/2")
    await at.get_by_label("Prix livré de « Lait entier »").fill("1,95")
    await at.get_by_role("button", name="Remplacer mon offre").click()
    await at.get_by_text("Votre offre est scellée").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_producer_answers_prepares_lists_and_seals(script: bool, address: str) -> None:
    async with browser() as launched:
        context = await launched.new_context(**sized("phone", java_script_enabled=script))
        context.set_default_timeout(20_000)
        page = await watched(context, address)
        await producer_story(page)
        assert page.complaints == []


async def test_a_double_click_sends_once(address: str) -> None:
    async with browser() as launched:
        context = await launched.new_context(**sized("tablet", java_script_enabled=False))
        page = await watched(context, address)
        await page.enter("chef")
        await page.open(f"{KITCHEN}/pesee")
        await page.page.get_by_text("Restes d'assiette").click()
        await page.page.get_by_text("Mélangé", exact=True).click()
        await page.page.get_by_label("Poids avec le bac").fill("9,5")
        await page.page.get_by_role("button", name="Enregistrer la pesée").dblclick()
        await page.page.get_by_text("Pesée enregistrée").wait_for()
        await page.open(f"{KITCHEN}/pesee")
        await page.page.get_by_text("9,5 kg en 1 pesée").wait_for()


async def weigh(page: Watched, kg: str) -> None:
    """One bin of plates, not sorted."""
    await page.page.get_by_text("Restes d'assiette").click()
    await page.page.get_by_text("Mélangé", exact=True).click()
    await page.page.get_by_label("Poids avec le bac").fill(kg)
    await page.page.get_by_role("button", name="Enregistrer la pesée").click()


async def test_bins_weighed_without_network_are_sent_once_it_is_back_and_never_twice(address: str) -> None:
    async with browser() as launched:
        context = await launched.new_context(**sized("tablet"))
        page = await watched(context, address)
        await page.enter("chef")
        await page.open(f"{KITCHEN}/pesee")
        await context.set_offline(True)
        for number, kg in enumerate(("9,5", "4,25"), start=1):
            await weigh(page, kg)
            await page.page.get_by_text(f"{number} saisie").wait_for()
        await page.page.get_by_text("2 saisies gardées sur cet appareil, envoyées dès que le réseau revient").wait_for()
        # The first answer is lost on the way: the server has the bin, the tablet does not know.
        lost: list[str] = []

        async def lose(route: Route) -> None:
            if not lost and route.request.method == "POST":
                answer = await route.fetch(max_redirects=0)
                lost.append(answer.headers.get("location") or await answer.text())
                await route.abort()
            else:
                await route.continue_()

        await context.route("**/pesee", lose)
        await context.set_offline(False)
        for _ in range(200):
            if lost:
                break
            await page.page.wait_for_timeout(50)
        assert "fait=pese" in lost[0], lost[0][-3000:]
        await page.open(f"{KITCHEN}/pesee")
        await page.until_sent()
        await page.open(f"{KITCHEN}/pesee")
        await page.page.get_by_text("13,75 kg en 2 pesées").wait_for()


async def test_a_bin_that_is_refused_is_told_by_the_page(address: str) -> None:
    async with browser() as launched:
        page = await watched(await launched.new_context(**sized("tablet")), address)
        await page.enter("chef")
        await page.open(f"{KITCHEN}/pesee")
        await weigh(page, "lourd")
        await page.page.locator("#erreurs").wait_for()
        assert await page.page.get_by_label("Poids avec le bac").input_value() == "lourd"


async def test_the_first_key_leads_to_the_content_and_a_fault_takes_the_focus(address: str) -> None:
    async with browser() as launched:
        page = await watched(await launched.new_context(**sized("desktop")), address)
        await page.enter("chef")
        await page.open(f"{KITCHEN}/pesee")
        await page.page.keyboard.press("Tab")
        assert await page.page.evaluate("document.activeElement.textContent") == "Aller au contenu"
        await page.page.keyboard.press("Enter")
        assert await page.page.evaluate("document.activeElement.id") == "contenu"
        await page.page.evaluate("document.querySelector('main form').noValidate = true")
        await page.page.get_by_role("button", name="Enregistrer la pesée").click()
        await page.page.get_by_text("points à corriger").wait_for()
        assert await page.page.evaluate("document.activeElement.id") == "erreurs"
        assert (await page.page.title()).startswith("Erreur : ")
        assert page.complaints == []


async def test_a_quantity_is_kept_on_leaving_its_field_and_the_focus_stays_where_it_went(address: str) -> None:
    async with browser() as launched:
        page = await watched(await launched.new_context(**sized("tablet")), address)
        await page.enter("chef")
        await page.open(f"{KITCHEN}/commander?semaine=2026-09-14")
        await page.page.locator("#champ-colis-offre_000-2026-09-14").fill("12")
        await page.page.keyboard.press("Tab")
        await page.page.get_by_text("La ligne est enregistrée").wait_for()
        assert await page.page.evaluate("document.activeElement.id") == "remplacer-offre_000-2026-09-14"
        assert await page.page.locator("#champ-colis-offre_000-2026-09-14").input_value() == "12"
        assert page.page.url.endswith("/commander?semaine=2026-09-14")
        assert page.complaints == []


async def test_pages_hold_at_twice_the_size_and_with_wide_text(address: str) -> None:
    """WCAG 1.4.4, 1.4.10 and 1.4.12: a tablet zoomed to 200 %, and text spaced out."""
    spaced = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
    async with browser() as launched:
        context = await launched.new_context(
            viewport={"width": 410, "height": 590}, device_scale_factor=2, bypass_csp=True
        )
        page = await watched(context, address)
        async for name in each_page(page):
            await page.page.add_style_tag(content=spaced)
            wider = await page.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, (name, wider)
