"""Pages of waste in a real browser with all that is folded opened: axe finds nothing; a bin is corrected."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.people.conftest import Opened
from tests.web.browsing import SHOTS, browser, chromium, served, sized, watched
from tests.web.examples import EXAMPLES
from tests.web.test_browser import AXE, faults

OF_KITCHEN = ("chef/weighing", "chef/covers", "chef/waste", "chef/diagnostic", "chef/duties", "chef/surplus")
OF_ALL = ("nutrition/lesson", "nutrition/portions", "nutrition/comparison")
OPENED = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"


@pytest.fixture
async def address(opened: Opened) -> AsyncIterator[str]:
    """The address of the small Département, its demonstration open."""
    chromium()
    async with opened(demo_identity=True, public_url=None) as site, served(site.app) as address:
        yield address


@pytest.mark.parametrize("size", ["phone", "tablet"])
async def test_axe_finds_nothing_in_what_is_folded(size: str, address: str) -> None:
    folder = SHOTS / f"{size}-opened"
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {}
    async with browser() as launched:
        context = await launched.new_context(**sized(size, bypass_csp=True))
        await context.add_init_script(path=AXE)
        page = await watched(context, address)
        for persona, names in (("chef", OF_KITCHEN), ("nutrition_manager", OF_ALL)):
            await context.clear_cookies()
            await page.enter(persona)
            for name in names:
                await page.open(EXAMPLES[name].path)
                await page.page.evaluate(OPENED)
                found[name] = await faults(page.page)
                wider = await page.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if wider > 0:
                    found[name].append(f"{wider} px wider than the screen")
                await page.page.screenshot(path=folder / f"{name.replace('/', '_')}.png", full_page=True)
    assert {name: each for name, each in found.items() if each} == {}


async def test_a_bin_is_weighed_and_corrected_by_hand(address: str) -> None:
    async with browser() as launched:
        page = await watched(await launched.new_context(**sized("tablet")), address)
        await page.enter("chef")
        at = page.page
        await page.open("/cuisine/0620000A/pesee?jour=2026-09-01")
        await at.get_by_text("Restes d'assiette").first.click()
        await at.get_by_text("Mélangé", exact=True).first.click()
        await at.locator("#champ-poids").fill("4,5")
        await at.get_by_role("button", name="Enregistrer la pesée").click()
        await at.get_by_text("4,5 kg en 1 pesée").wait_for()
        await at.get_by_role("link", name="Corriger").click()
        await at.get_by_role("heading", name="Corriger la pesée de 4,5 kg").wait_for()
        await at.locator("#champ-poids").fill("5,4")
        await at.get_by_role("button", name="Remplacer la pesée").click()
        await at.locator("#champ-pourquoi").fill("chiffres inversés")
        await at.get_by_role("button", name="Remplacer la pesée").click()
        await at.get_by_text("5,4 kg en 1 pesée").wait_for()
        await at.get_by_text("Pesées annulées (1)").click()
        await at.get_by_text("chiffres inversés").wait_for()
        assert page.complaints == []
