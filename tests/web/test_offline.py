"""Without network: pages stay readable, what is noted leaves once, a conflict is told, nobody reads another's."""

import asyncio
from typing import Any

from sqlalchemy import func, select

from catering.orders.models import Order
from catering.receiving.models import Reception
from tests.people.conftest import Opened, Site
from tests.web.browsing import Watched, browser, chromium, served, sized, watched

KITCHEN = "/cuisine/0620000A"
DELIVERY = f"{KITCHEN}/receptions/2"
BASKET = f"{KITCHEN}/commander?semaine=2026-09-14"


async def count(site: Site, table: Any) -> int:
    async with site.database.reading() as session:
        return int((await session.scalars(select(func.count()).select_from(table))).one())


async def controlled(page: Watched) -> None:
    """Wait until the pages opened from now on are kept."""
    await page.page.evaluate("navigator.serviceWorker.ready")
    for _ in range(20):
        if await page.page.evaluate("!!navigator.serviceWorker.controller"):
            return
        # A page that began to load before the worker did is not its own: the next one is.
        await page.page.reload()
        await asyncio.sleep(0.2)
    raise AssertionError("no worker keeps the pages")


async def note_delivery(page: Watched) -> None:
    at = page.page
    first = at.locator("fieldset.card").first
    await first.get_by_label("Température, °C").fill("2")
    for number in range(1, await at.locator("fieldset.card").count()):
        await at.locator("fieldset.card").nth(number).get_by_text("Pas encore là").click()
    await at.get_by_role("button", name="Enregistrer la réception").click()


async def is_cached(page: Watched, path: str) -> bool:
    return bool(await page.page.evaluate("async path => !!(await caches.match(path))", path))


async def until_cached(page: Watched, path: str) -> None:
    for _ in range(100):
        if await is_cached(page, path):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{path} is not kept")


async def test_a_delivery_and_an_order_noted_without_network_leave_once_it_is_back(opened: Opened) -> None:
    chromium()
    async with opened(demo_identity=True, public_url=None) as site, served(site.app) as address, browser() as launched:
        context = await launched.new_context(**sized("tablet"))
        context.set_default_timeout(20_000)
        page = await watched(context, address)
        await page.enter("chef")
        await controlled(page)
        await page.open(f"{KITCHEN}/receptions")
        await until_cached(page, DELIVERY)
        await page.open(BASKET)
        await until_cached(page, BASKET)
        before = await count(site, Reception), await count(site, Order)

        await context.set_offline(True)
        at = page.page
        await at.goto(address + DELIVERY)
        await at.get_by_text("Hors connexion : cette page est celle de la dernière visite").wait_for()
        await note_delivery(page)
        await at.get_by_text("1 saisie gardée sur cet appareil").wait_for()
        await at.goto(address + BASKET)
        for packs in ("11", "12"):
            await at.locator("#champ-colis-offre_000-2026-09-14").fill(packs)
            await at.keyboard.press("Tab")
        await at.get_by_text("3 saisies gardées").wait_for()
        await at.get_by_role("button", name="Envoyer 2 commandes").click()
        await at.get_by_text("4 saisies gardées").wait_for()
        await at.goto(f"{address}/achats")
        await at.get_by_role("heading", name="Hors connexion").wait_for()
        assert (await count(site, Reception), await count(site, Order)) == before

        await context.set_offline(False)
        await page.open(f"{KITCHEN}/semaine")
        await page.until_sent()
        assert (await count(site, Reception), await count(site, Order)) == (before[0] + 1, before[1] + 2)


async def test_a_conflict_is_told_in_words_and_signing_out_leaves_nothing(opened: Opened) -> None:
    chromium()
    async with opened(demo_identity=True, public_url=None) as site, served(site.app) as address, browser() as launched:
        contexts = [await launched.new_context(**sized("tablet")) for _ in range(2)]
        tablet, other = [await watched(context, address) for context in contexts]
        for each in (tablet, other):
            each.page.set_default_timeout(20_000)
            await each.enter("chef")
            await each.open(DELIVERY)
        await controlled(tablet)
        await contexts[0].set_offline(True)
        await note_delivery(tablet)
        await tablet.page.get_by_text("1 saisie gardée").wait_for()
        await note_delivery(other)
        await other.page.get_by_text("Réception enregistrée").wait_for()
        await contexts[0].set_offline(False)
        await tablet.page.get_by_text("colis ont déjà été contrôlés").wait_for()
        assert await count(site, Reception) >= 1

        await tablet.open(f"{KITCHEN}/semaine")
        await until_cached(tablet, f"{KITCHEN}/semaine")
        tablet.page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await tablet.page.get_by_role("button", name="Se déconnecter").click()
        await tablet.page.get_by_text("session sur cet appareil est terminée").wait_for()
        assert not await is_cached(tablet, f"{KITCHEN}/semaine")
        await tablet.enter("producer")
        await tablet.page.locator("#gardees").wait_for(state="hidden")
        await contexts[0].set_offline(True)
        await tablet.page.goto(f"{address}{KITCHEN}/semaine")
        await tablet.page.get_by_role("heading", name="Hors connexion").wait_for()
