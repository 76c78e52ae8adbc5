"""The plan to diversify proteins: who owes one, who has one, told once, on both databases (VEG-10)."""

from datetime import date

import pytest
from sqlalchemy import delete, func, select

from catering.compliance.cells import CellStatus
from catering.compliance.protein_plans import protein_plan_cells
from catering.db import Database
from catering.kitchens.models import KitchenCovers
from catering.market.refusals import UnknownDocument
from catering.menus import refusals
from catering.menus.models import ProteinPlan
from catering.menus.protein_plans import PlanStanding, PlanWish, standings, state_plan
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from tests.api.dataset import uai
from tests.purchases.conftest import MANAGER, _present, world

__all__ = ["_present", "world"]
BURSAR = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({uai(0)}))
CHEF = Viewer("Cheffe", Role.CHEF, kitchens=frozenset({uai(0)}))
TODAY = date(2026, 11, 26)
WISH = PlanWish(date(2026, 9, 1), date(2029, 8, 31))

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


@pytest.fixture
async def places(world: Database) -> Database:
    """Three collèges: 200 and 201 covers a day on average, and one of which nobody told them."""
    async with world.unit_of_work() as session:
        await session.execute(delete(KitchenCovers))
        for kitchen, covers in ((1, (150, 250)), (2, (150, 252))):
            session.add_all(
                KitchenCovers(kitchen_id=kitchen, weekday=day, covers=each) for day, each in enumerate(covers)
            )
    return world


async def of(database: Database, viewer: Viewer = MANAGER, on: date = TODAY) -> dict[int, PlanStanding]:
    async with database.reading() as session:
        return dict(await standings(session, viewer, on, [1, 2, 3]))


async def told(database: Database, wish: PlanWish, viewer: Viewer = MANAGER, kitchen: str = uai(1)) -> None:
    async with database.unit_of_work() as session:
        await state_plan(session, viewer, kitchen, wish)


async def test_it_is_due_above_two_hundred_covers_a_day_on_average(places: Database) -> None:
    found = await of(places)
    assert {number: each.due for number, each in found.items()} == {1: False, 2: True, 3: None}
    assert "Aucun plan connu" in found[2].told
    assert {number: each.due for number, each in (await of(places, on=date(2021, 12, 31))).items()}[2] is False


async def test_a_buyer_reads_their_own_kitchen_alone(places: Database) -> None:
    assert set(await of(places, BURSAR)) == {1}


async def test_the_grid_says_whether_it_is_there(places: Database) -> None:
    async def cells(on: date) -> dict[int, tuple[CellStatus, int]]:
        async with places.reading() as session:
            found = await protein_plan_cells(session, MANAGER, on, [1, 2, 3])
        return {each.kitchen_id: (each.status, len(each.cures)) for each in found}

    assert await cells(TODAY) == {2: (CellStatus.MISSED, 1), 3: (CellStatus.NO_DATA, 0)}
    await told(places, WISH)
    assert await cells(TODAY) == {2: (CellStatus.HELD, 0), 3: (CellStatus.NO_DATA, 0)}
    assert (await cells(date(2029, 9, 1)))[2] == (CellStatus.MISSED, 1), "its years are over"
    assert "Plan fini le 31/08/2029" in (await of(places, on=date(2029, 9, 1)))[2].told


async def test_told_again_it_changes_nothing_and_another_takes_its_place(places: Database) -> None:
    await told(places, WISH)
    await told(places, WISH)
    longer = PlanWish(WISH.first_day, date(2030, 8, 31))
    await told(places, longer)
    async with places.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ProteinPlan)) == 2
        trace = list(await session.scalars(select(ChangeEvent).order_by(ChangeEvent.id)))
    assert [(each.subject, each.key, each.actor) for each in trace] == [("protein_plans", uai(1), MANAGER.actor)] * 2
    plan = (await of(places))[2].plan
    assert plan is not None
    assert plan.last_day == longer.last_day


async def test_who_may_tell_and_what_cannot_be(places: Database) -> None:
    await told(places, WISH, BURSAR, uai(0))
    with pytest.raises(refusals.NotAllowedToSign):
        await told(places, WISH, CHEF, uai(0))
    with pytest.raises(refusals.UnknownKitchen):
        await told(places, WISH, BURSAR)
    with pytest.raises(refusals.InvalidProteinPlan):
        await told(places, PlanWish(WISH.last_day, WISH.first_day))
    with pytest.raises(refusals.InvalidProteinPlan):
        await told(places, PlanWish(WISH.first_day, date(2099, 8, 31)))
    with pytest.raises(UnknownDocument):
        await told(places, PlanWish(WISH.first_day, WISH.last_day, 12))
    assert (await of(places))[2].plan is None
