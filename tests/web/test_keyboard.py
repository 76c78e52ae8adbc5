"""Whole flows without a mouse: each control is reached by Tab, seen to have the focus, and worked by keys alone."""

from playwright.async_api import Page

from catering.people.demonstration import PERSONAS
from tests.web.browsing import Watched, browser, sized, watched
from tests.web.test_browser import KITCHEN
from tests.web.test_browser import address as address

MOST_STOPS = 150
NAME = """() => {
  const at = document.activeElement;
  const field = at.labels && [...at.labels].map((each) => each.innerText).join(" ");
  return (at.getAttribute("aria-label") || field || at.innerText || at.value || "").trim().replace(/\\s+/g, " ");
}"""
SEEN = """() => {
  const at = document.activeElement;
  const shown = at.matches("input[type=radio]") ? at.closest("label") : at;
  const box = shown.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const covered = !above || !(shown.contains(above) || above.contains(shown));
  return inside && !covered && getComputedStyle(shown).outlineStyle !== "none";
}"""
"""Whether what has the focus is within the window, under nothing else, and has an outline (WCAG 2.4.7 and 2.4.11)."""


async def reach(at: Page, name: str) -> None:
    """Press Tab until the control whose name begins so has the focus."""
    passed: list[str] = []
    for _ in range(MOST_STOPS):
        await at.keyboard.press("Tab")
        passed.append((await at.evaluate(NAME))[:60])
        if passed[-1].startswith(name):
            assert await at.evaluate(SEEN), f"one does not see that {name} has the focus"
            return
    raise AssertionError(f"Tab does not reach {name}: {passed}")


async def follow(at: Page, name: str) -> None:
    """Reach a link or a button and press it."""
    await reach(at, name)
    await at.keyboard.press("Enter")


async def open_as(page: Watched, persona: str) -> Page:
    """Sign in as somebody of the demonstration, by the keyboard too."""
    at = page.page
    await page.open("/connexion")
    await reach(at, "Être")
    await at.keyboard.type(PERSONAS[persona].name[:12])
    await follow(at, "Entrer")
    await at.wait_for_url(lambda url: "/connexion" not in url and "/demonstration" not in url)
    return at


async def test_a_bin_is_weighed_and_a_basket_sent_by_keys_alone(address: str) -> None:
    async with browser() as launched:
        page = await watched(await launched.new_context(**sized("tablet", reduced_motion="reduce")), address)
        page.page.set_default_timeout(20_000)
        at = await open_as(page, "chef")
        await follow(at, "Peser")
        await at.get_by_role("heading", name="Peser").wait_for()
        # Radio buttons are one stop each group: the space bar takes one, arrows the next.
        await reach(at, "Préparation")
        await at.keyboard.press("ArrowDown")
        await at.keyboard.press("ArrowDown")
        await reach(at, "Mangeable")
        await at.keyboard.press("Space")
        await reach(at, "Poids avec le bac")
        await at.keyboard.type("9,5")
        await at.keyboard.press("Enter")
        await at.get_by_text("Pesée enregistrée").wait_for()

        await page.open(f"{KITCHEN}/commander?semaine=2026-09-14")
        await reach(at, "Conditionnements de")
        await at.keyboard.press("ControlOrMeta+a")
        await at.keyboard.type("12")
        await at.keyboard.press("Enter")
        await at.get_by_text("La ligne est enregistrée").wait_for()
        await follow(at, "Envoyer 2 commandes")
        await at.get_by_text("Les commandes sont parties").wait_for()
        assert page.complaints == []


async def test_a_producer_answers_and_ships_by_keys_alone(address: str) -> None:
    async with browser() as launched:
        page = await watched(await launched.new_context(**sized("phone", reduced_motion="reduce")), address)
        page.page.set_default_timeout(20_000)
        at = await open_as(page, "producer")
        await follow(at, "Répondre à Collège 0")
        await at.get_by_role("heading", name="Commande").first.wait_for()
        await reach(at, "Colis de")
        await at.keyboard.press("ControlOrMeta+a")
        await at.keyboard.type("8")
        await follow(at, "Accepter la commande")
        await at.get_by_text("Commande acceptée").wait_for()
        await follow(at, "Préparer ce jour")
        await at.get_by_role("heading", name="Par collège").wait_for()
        await follow(at, "Prête : Collège 0")
        await at.get_by_text("Commande prête").wait_for()
        assert page.complaints == []


async def test_arrows_walk_the_grid_and_enter_opens_what_is_behind_a_cell(address: str) -> None:
    async with browser() as launched:
        page = await watched(await launched.new_context(**sized("desktop", reduced_motion="reduce")), address)
        page.page.set_default_timeout(20_000)
        await page.enter("nutrition_manager")
        at = page.page
        await page.open("/nutrition/grille?annee=2026&regles=NUTRITION")
        await reach(at, "Collège 0")
        await at.keyboard.press("ArrowDown")
        assert await at.evaluate(NAME) == "Collège 1"
        await at.keyboard.press("ArrowRight")
        cell = await at.evaluate(NAME)
        assert "ouvrir Collège 1" in cell
        await at.keyboard.press("ArrowRight")
        assert await at.evaluate(NAME) != cell
        assert await at.evaluate(SEEN)
        for _ in range(20):
            await at.keyboard.press("ArrowRight")
            assert await at.evaluate(SEEN), "the collège that stays in sight does not cover what has the focus"
        for _ in range(20):
            await at.keyboard.press("ArrowLeft")
            assert await at.evaluate(SEEN), "the collège that stays in sight does not cover what has the focus"
        await at.keyboard.press("ArrowRight")
        await at.keyboard.press("Enter")
        await at.locator("#critere").wait_for()


async def test_an_explanation_opens_and_closes_by_keys_and_the_focus_stays(address: str) -> None:
    async with browser() as launched:
        page = await watched(await launched.new_context(**sized("desktop", reduced_motion="reduce")), address)
        page.page.set_default_timeout(20_000)
        await page.enter("chef")
        at = page.page
        await follow(at, "Couverts : explication")
        shown = at.locator(":popover-open")
        await shown.wait_for()
        await at.keyboard.press("Escape")
        await shown.wait_for(state="hidden")
        assert (await at.evaluate(NAME)).endswith(": explication")
