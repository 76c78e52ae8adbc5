"""What diners are told of the products behind a lunch: what their sellers state beyond the ingredient."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from catering.db import Database
from catering.market.models import HygienePermit
from catering.market.models_hygiene import PermitKind
from catering.menus.told import GoodsTold
from catering.orders.models import OrderLine
from catering.receiving.models import ReceptionLine, StockLot
from catering.receiving.origins import goods_told
from catering.receiving.rules.checks import ReceptionWarning, warnings_of
from catering.receiving.service.receive import receive
from catering.receiving.service.stock import Used, transfer, use
from catering.rules.allergens import Allergen
from catering.rules.hygiene import AnimalProduct
from tests.receiving.world import BOTH, CARROT, CHEF, MINCE, TODAY, WEEK, a_pass, noted, rows, uai

DAY = timedelta(days=1)
STATED = {"allergens_on": TODAY - DAY, "allergens": "celery milk? sesame"}


@pytest.fixture
async def stated(world: Database) -> Database:
    """Carrots of which the seller states celery and sesame, and traces of milk."""
    async with world.unit_of_work() as session:
        await session.execute(update(OrderLine).where(OrderLine.ingredient_id == CARROT).values(**STATED))
    return world


async def told(world: Database, first: date = WEEK, last: date = WEEK + 6 * DAY, kitchen: int = 1) -> GoodsTold:
    async with world.reading() as session:
        return await goods_told(session, None, kitchen, first, last)


async def of_carrots(world: Database, day: date, kitchen: int = 1) -> set[Allergen]:
    return set((await told(world, day, day, kitchen)).allergens.get((day, "carotte"), ()))


async def test_what_is_ordered_for_the_week_is_told_before_it_is_served(stated: Database) -> None:
    assert await of_carrots(stated, TODAY) == {Allergen.CELERY, Allergen.SESAME}
    assert await of_carrots(stated, TODAY - 14 * DAY) == set()
    assert await of_carrots(stated, TODAY + 28 * DAY) == set()


async def test_what_is_on_the_shelves_is_told_of_the_days_to_come(stated: Database) -> None:
    async with stated.unit_of_work() as session:
        await receive(session, CHEF, a_pass(noted(CARROT)))
    assert await of_carrots(stated, TODAY + 28 * DAY) == {Allergen.CELERY, Allergen.SESAME}
    assert await of_carrots(stated, TODAY + 28 * DAY, kitchen=2) == set()


@pytest.mark.parametrize("handed_on", [False, True])
async def test_what_was_used_is_told_of_its_day_wherever_it_came_from(handed_on: bool, stated: Database) -> None:
    kitchen = 2 if handed_on else 1
    async with stated.unit_of_work() as session:
        await receive(session, CHEF, a_pass(noted(CARROT)))
    if handed_on:
        (lot,) = await rows(stated, StockLot)
        async with stated.unit_of_work() as session:
            await transfer(session, BOTH, lot.id, uai(1), 5_000, TODAY)
    async with stated.unit_of_work() as session:
        await use(session, BOTH, uai(kitchen - 1), TODAY - DAY, [Used("carotte", 1_000)])
    assert await of_carrots(stated, TODAY - DAY, kitchen) == {Allergen.CELERY, Allergen.SESAME}


@pytest.mark.parametrize(
    ("until", "permitted", "warns"),
    [(TODAY - DAY, False, [ReceptionWarning.NOT_PERMITTED]), (TODAY, True, [])],
)
async def test_meat_whose_permit_has_ended_is_told_on_arrival(
    until: date, permitted: bool, warns: list[ReceptionWarning], world: Database
) -> None:
    async with world.unit_of_work() as session:
        meat = (
            update(OrderLine).where(OrderLine.ingredient_id == MINCE).values(animal_product=AnimalProduct.MINCED_MEAT)
        )
        await session.execute(meat)
        first = TODAY - 300 * DAY
        session.add(
            HygienePermit(supplier_id=1, kind=PermitKind.APPROVAL, number="1", valid_from=first, valid_to=until)
        )
    async with world.unit_of_work() as session:
        await receive(session, CHEF, a_pass(noted(MINCE), noted(CARROT)))
    meat_line, carrots = sorted(await rows(world, ReceptionLine), key=lambda line: line.ingredient_id != MINCE)
    assert (meat_line.permitted, list(warnings_of(meat_line, TODAY))) == (permitted, warns)
    assert carrots.permitted is None
