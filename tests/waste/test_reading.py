"""What is read back from both databases: sums in SQL, losses of the stock, history and duties, in few statements."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from catering.db import Database
from catering.graph.request import Request
from catering.kitchens.calendar import days_between
from catering.market.models import Supplier, SupplierKind
from catering.people.viewer import Viewer
from catering.receiving.models import StockLot
from catering.receiving.service.stock import lose
from catering.settings import Settings
from catering.waste.models import WeighingCampaign
from catering.waste.reading import MOST_CAMPAIGNS, facts, history, measured, of_all, stock_losses
from catering.waste.service.counting import count, plan_campaign
from catering.waste.service.diagnosing import Action, Draft, Finding, write
from catering.waste.service.stating import Collected, SiteStatement, agree, collect, state, take_back_collected
from catering.waste.service.weighing import record, take_back
from catering.waste.vocabulary import (
    ActionKind,
    BiowasteStream,
    KitchenKind,
    Part,
    Service,
    Stage,
    Treatment,
    WasteCause,
)
from tests.waste.world import CHEF, MANAGER, MONDAY, OTHER_CHEF, TODAY, TUESDAY, entry, uai

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
YEAR_OF_CAMPAIGNS = date(2025, 3, 1), date(2025, 3, 25)
LAST = MONDAY + timedelta(days=4)


def asked_by(database: Database, viewer: Viewer) -> Request:
    return Request(database, viewer, Settings())


async def weigh(world: Database) -> None:
    """Two days of the three stages, one bin taken back."""
    bins = [
        entry(f"jour-{rank}-{stage}", day=day, stage=stage, part=Part.EDIBLE, gross_g=3_500)
        for rank, day in enumerate((MONDAY, TUESDAY))
        for stage in Stage
    ]
    async with world.unit_of_work() as session:
        for day in (MONDAY, TUESDAY):
            await count(session, CHEF, uai(), day, Service.LUNCH, served=90)
        kept = await record(session, CHEF, uai(), [*bins, entry("en-trop-1")])
        await take_back(session, CHEF, kept[-1].id, "Mauvais bac", None)


async def test_what_was_weighed_is_read_back_the_same_everywhere(any_world: Database) -> None:
    await weigh(any_world)
    for viewer in (CHEF, MANAGER):
        request = asked_by(any_world, viewer)
        found = await measured(request, uai(), MONDAY, LAST)
        assert found is not None
        assert found.result.per_cover is not None
        assert (found.result.per_cover.value, found.result.mass.total_g) == (Decimal("100.0"), 18_000)
        (only,) = await of_all(request, MONDAY, LAST, None)
        assert only.result == found.result
        await request.forget()
    request = asked_by(any_world, OTHER_CHEF)
    assert await measured(request, uai(), MONDAY, LAST) is None
    assert await of_all(request, MONDAY, LAST, None) == []
    await request.forget()


async def test_a_bin_taken_back_is_a_stage_not_weighed_and_an_empty_bin_is_weighed(any_world: Database) -> None:
    bins = [
        entry(f"bac-{stage}", stage=stage, part=Part.EDIBLE, gross_g=500 if stage is Stage.UNSERVED else 5_000)
        for stage in Stage
    ]
    async with any_world.unit_of_work() as session:
        await count(session, CHEF, uai(), MONDAY, Service.LUNCH, served=90)
        kept = await record(session, CHEF, uai(), bins)
    request = asked_by(any_world, CHEF)
    found = await measured(request, uai(), MONDAY, LAST)
    assert found is not None
    assert found.result.partial_days == [], "an empty bin was weighed"
    await request.forget()
    async with any_world.unit_of_work() as session:
        await take_back(session, CHEF, kept[-1].id, "Pas ce jour-là", None)
    request = asked_by(any_world, CHEF)
    found = await measured(request, uai(), MONDAY, LAST)
    assert found is not None
    assert (found.result.partial_days, found.result.per_cover) == ([MONDAY], None)
    await request.forget()


async def test_a_history_is_of_campaigns_oldest_first(any_world: Database) -> None:
    await weigh(any_world)
    async with any_world.unit_of_work() as session:
        await plan_campaign(session, CHEF, uai(), MONDAY + timedelta(days=14), MONDAY + timedelta(days=21))
        await plan_campaign(session, CHEF, uai(), MONDAY, MONDAY + timedelta(days=7))
    request = asked_by(any_world, CHEF)
    found = await measured(request, uai(), MONDAY, LAST)
    assert found is not None
    told = await history(request, found.kitchen, year=2026)
    assert [each.first for each in told] == [MONDAY, MONDAY + timedelta(days=14)]
    assert [each.result.per_cover and each.result.per_cover.value for each in told] == [Decimal("100.0"), None]
    assert await history(request, found.kitchen, before=MONDAY) == []
    await request.forget()
    short = [WeighingCampaign(kitchen_id=1, first_day=day, last_day=day) for day in days_between(*YEAR_OF_CAMPAIGNS)]
    async with any_world.unit_of_work() as session:
        session.add_all(short)
    request = asked_by(any_world, CHEF)
    assert len(await history(request, found.kitchen, year=2025)) == len(short) > MOST_CAMPAIGNS, "a file is whole"
    await request.forget()


async def test_losses_of_the_stock_are_added_up_by_ingredient(any_world: Database) -> None:
    async with any_world.unit_of_work() as session:
        session.add(
            Supplier(
                id=1, slug="ferme", name="Ferme", kind=SupplierKind.PRODUCER, fictional=True, commune="Licques",
                insee="62506", lat=Decimal("50.78"), lon=Decimal("1.93"), delivery_weekdays=frozenset({0}), lead_days=1,
                min_drop_eur=Decimal(0), delivery_eur_per_kg_base=Decimal(0), delivery_eur_per_kg_per_100km=Decimal(0),
                activity="Maraîchage",
            )
        )  # fmt: skip
        await session.flush()
        session.add_all(
            StockLot(
                id=n, kitchen_id=1, ingredient_id=n, supplier_id=1, product="x", lot=f"L{n}", mark=f"{n}", on_hand_g=900
            )
            for n in (1, 2)
        )
        await session.flush()
        for lot, grams in ((1, 100), (1, 150), (2, 300)):
            await lose(session, CHEF, lot, grams, MONDAY, "Moisi")
    request = asked_by(any_world, CHEF)
    rows = await stock_losses(request, uai(), MONDAY, LAST)
    assert [(row.ingredient_id, row.grams) for row in rows] == [(2, 300), (1, 250)]
    assert await stock_losses(request, uai(1), MONDAY, LAST) == []
    await request.forget()


async def test_duties_rest_on_what_was_stated_signed_and_collected(any_world: Database) -> None:
    oil = Collected("bordereau-1", TODAY, BiowasteStream.USED_OIL, Treatment.BIOFUEL, 70_000, "Huiles")
    draft = Draft(
        0, TODAY, "Gestionnaire", "Chef", "On jette.", [Finding(WasteCause.DISLIKED, "Épinards")],
        [Action(ActionKind.PORTIONS, "Petite faim", "Chef", TODAY)],
    )  # fmt: skip
    async with any_world.unit_of_work() as session:
        await write(session, CHEF, uai(), draft)
        await state(session, CHEF, uai(), SiteStatement(KitchenKind.COLLEGE, 3_500, biowaste_sorted_since=TODAY))
        await agree(session, CHEF, uai(), "Secours", TODAY, None, None, None)
        await agree(session, CHEF, uai(), "Finie", MONDAY, MONDAY, TUESDAY, None)
        kept = await collect(session, CHEF, uai(), oil)
        wrong = await collect(session, CHEF, uai(), Collected("bordereau-2", TODAY, oil.stream, oil.treatment, 9, "X"))
        await take_back_collected(session, CHEF, wrong.id)
        assert kept.id != wrong.id
    request = asked_by(any_world, CHEF)
    found = await measured(request, uai(), MONDAY, LAST)
    assert found is not None
    known = await facts(request, found.kitchen, TODAY, 100)
    assert (known.diagnosed, known.meals_per_day, known.agreements_proposed, known.agreements_held) == (
        True,
        3_500,
        1,
        0,
    )
    assert (known.oil_ml, known.oil_stated_ml, known.sorted_since) == (70_000, None, TODAY)
    on_monday = await facts(request, found.kitchen, MONDAY, 100)
    assert (on_monday.agreements_proposed, on_monday.agreements_held) == (1, 1), "the other had not ended then"
    before = await facts(request, found.kitchen, date(2026, 1, 5), 100)
    assert (before.oil_ml, before.diagnosed) == (0, False)
    await request.forget()
