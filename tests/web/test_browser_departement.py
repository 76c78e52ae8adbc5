"""The Département in a real browser: a run followed as it goes, stopped; two plans compared, one published."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from catering.planning.models import PlanRun, RunStatus
from tests.people.conftest import Opened, Site
from tests.web.browsing import browser, chromium, served, sized, watched

PLANS = "/departement/plans"


async def change(site: Site, run_id: int, **values: Any) -> None:
    async with site.database.unit_of_work() as session:
        await session.execute(update(PlanRun).where(PlanRun.id == run_id).values(**values))


async def start(page: Any) -> int:
    """From signing in to a run that waits, a mistake mended on the way; its number."""
    await page.enter("departement")
    at = page.page
    assert at.url.endswith(PLANS)
    await at.get_by_role("link", name="Nouveau plan").click()
    await at.get_by_text("Un certain nombre, pour un essai").click()
    await at.get_by_label("Combien de cuisines").fill("deux")
    await at.get_by_role("button", name="Lancer le calcul").click()
    await at.get_by_role("link", name="écrire un nombre entier").wait_for()
    assert await at.get_by_label("Combien de cuisines").input_value() == "deux"
    await at.get_by_label("Combien de cuisines").fill("2")
    await at.get_by_label("Combien de semaines").fill("1")
    await at.get_by_text("Budget, planchers et préférences").click()
    await at.get_by_label("Produits bio, % au moins").fill("cent")
    await at.get_by_label("Prix d'un kilogramme de CO₂e").fill("0,10")
    await at.get_by_role("button", name="Lancer le calcul").click()
    await at.get_by_role("link", name="Produits bio").wait_for()
    assert await at.get_by_label("Prix d'un kilogramme de CO₂e").input_value() == "0,10"
    await at.get_by_label("Produits bio, % au moins").fill("30")
    await at.get_by_role("button", name="Lancer le calcul").click()
    await at.get_by_text("Le calcul attend son tour ; cette page").wait_for()
    return int(at.url.split("/plans/")[1].split("/")[0])


async def publish(page: Any) -> None:
    """Compare a plan with the one in use, and publish it once its consequences are confirmed."""
    at = page.page
    await page.open(f"{PLANS}/3")
    await at.get_by_role("link", name="Comparer à un autre plan").click()
    await at.get_by_role("heading", name="Ce qui change où").wait_for()
    await at.get_by_role("link", name="Publier le plan n° 3").click()
    await at.get_by_role("button", name="Publier le plan n° 3").click()
    await at.get_by_role("link", name="Cocher la case").wait_for()
    await at.get_by_label("J'ai lu ce que la publication change").check()
    await at.get_by_role("button", name="Publier le plan n° 3").click()
    await at.get_by_text("Le plan est en service : menus").wait_for()
    await at.get_by_role("link", name="Carte").click()
    await at.get_by_text("Plan en service").wait_for()
    assert await at.get_by_role("link", name="n° 3").count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_the_departement_plans_follows_stops_compares_and_publishes(script: bool, opened: Opened) -> None:
    chromium()
    async with opened(demo_identity=True, public_url=None) as site, served(site.app) as address, browser() as launched:
        context = await launched.new_context(**sized("desktop", java_script_enabled=script))
        context.set_default_timeout(20_000)
        page = await watched(context, address)
        at, run = page.page, await start(page)
        going = {"status": RunStatus.RUNNING, "phase": "Amélioration 1", "total_steps": 4}
        for step, bound in ((1, None), (2, Decimal(900)), (3, Decimal(950))):
            await change(site, run, done_steps=step, best_cost=Decimal(1100 - step), lower_bound=bound, **going)
            if not script:
                await at.get_by_role("link", name="Actualiser").click()
            await at.get_by_text(f"Amélioration 1 : {step} sur 4").wait_for()
        if script:
            await at.get_by_role("img", name="Écart au meilleur coût possible").wait_for()
        await at.get_by_role("button", name="Arrêter et garder le meilleur plan").click()
        await at.get_by_text("L'arrêt est demandé").wait_for()
        async with site.database.reading() as session:
            assert await session.scalar(select(PlanRun.cancel_asked_at).where(PlanRun.id == run)) is not None
        await change(site, run, status=RunStatus.CANCELLED, error="Arrêté à la demande.")
        if not script:
            await at.get_by_role("link", name="Actualiser").click()
        await at.get_by_text("Arrêté à la demande.").wait_for()
        await publish(page)
        assert page.complaints == []
