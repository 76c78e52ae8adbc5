"""Without network: pages stay readable, what is noted leaves once, a conflict is told, nobody reads another's."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Dialog
from sqlalchemy import func, select

from catering.moment import Clock
from catering.orders.models import Order
from catering.receiving.models import Reception
from catering.waste.models import ServiceCovers, Weighing
from tests.api.dataset import MOMENT
from tests.people.conftest import Opened, Site
from tests.web.browsing import Watched, browser, chromium, served, sized, watched

KITCHEN = "/cuisine/0620000A"
DELIVERY = f"{KITCHEN}/receptions/2"
COVERS = f"{KITCHEN}/effectifs?semaine=2026-09-07"
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


async def test_covers_typed_without_network_leave_once_and_stay_in_sight(opened: Opened) -> None:
    chromium()
    async with opened(demo_identity=True, public_url=None) as site, served(site.app) as address, browser() as launched:
        context = await launched.new_context(**sized("tablet"))
        context.set_default_timeout(20_000)
        page = await watched(context, address)
        await page.enter("chef")
        await controlled(page)
        await page.open(COVERS)
        await until_cached(page, COVERS)
        await context.set_offline(True)
        at = page.page
        await at.goto(address + COVERS)
        for planned in ("250", "255"):
            await at.locator("#champ-prevus-2026-09-10").fill(planned)
            await at.get_by_role("button", name="Enregistrer jeudi 10 septembre").click()
            assert await at.locator("#champ-prevus-2026-09-10").input_value() == planned, "what was typed stays"
        await at.get_by_text("2 saisies gardées").wait_for()
        await context.set_offline(False)
        await page.open(f"{KITCHEN}/semaine")
        await page.until_sent()
        async with site.database.reading() as session:
            day = ServiceCovers.day == date(2026, 9, 10), ServiceCovers.kitchen_id == 1
            assert await session.scalar(select(ServiceCovers.planned).where(*day)) == 255, "in the order of typing"


async def test_a_tablet_left_on_overnight_asks_before_it_notes_a_bin(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    chromium()
    async with opened(demo_identity=True, public_url=None) as site, served(site.app) as address, browser() as launched:
        context = await launched.new_context(**sized("tablet"))
        context.set_default_timeout(20_000)
        await context.clock.set_fixed_time(MOMENT)
        page = await watched(context, address)
        await page.enter("chef")
        await page.open(f"{KITCHEN}/pesee")
        said: list[str] = []

        async def answer(dialog: Dialog) -> None:
            said.append(dialog.message)
            await dialog.accept()

        page.page.on("dialog", lambda dialog: asyncio.ensure_future(answer(dialog)))
        await weigh(page, "1,5")
        assert said == [], "nothing is asked on the day itself"
        two_days = timedelta(days=2)
        await context.clock.set_fixed_time(MOMENT + two_days)
        monkeypatch.setattr(Clock, "fixed", MOMENT + two_days)
        await weigh(page, "2,5")
        assert len(said) == 1
        assert "ouverte depuis le mardi 1 septembre" in said[0]
        async with site.database.reading() as session:
            bins = select(Weighing.day, Weighing.net_g).where(Weighing.net_g.in_([1_500, 2_500]))
            found = {net: day for day, net in await session.execute(bins)}
        assert found == {1_500: date(2026, 9, 1), 2_500: date(2026, 9, 3)}


async def weigh(page: Watched, kilograms: str) -> None:
    at = page.page
    await at.get_by_text("Restes d'assiette").first.click()
    await at.get_by_text("Mélangé", exact=True).first.click()
    await at.locator("#champ-poids").fill(kilograms)
    await at.get_by_role("button", name="Enregistrer la pesée").click()
    await at.get_by_text(f"{kilograms} kg en 1 pesée").wait_for()
