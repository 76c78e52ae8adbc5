"""Portions decided after a plan enter what is ordered and what is left from their date, in their kitchen only."""

from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.menus.dishes import Book
from catering.menus.standings import CHECKER, read_portions, served_there
from catering.moment import now, today
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.planning.baskets import _bought, _rows, with_portions
from catering.planning.leaving import foresee_week
from catering.planning.models import PlannedMeal
from catering.planning.portions_since import lines_from, more_than_planned, shared_out, taken_by_day
from catering.recipes.catalogue import load_catalogue
from catering.recipes.models import Dish, DishLine, PortionChange
from catering.recipes.portions import scaled_grams
from catering.waste.refusals import InvalidPortion
from catering.waste.service.portions import Wish, decide
from tests.planning.conftest import KITCHENS

MONDAY = date(2026, 9, 7)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6), st.integers(-20_000, 20_000))
def test_purchases_make_the_new_total_to_the_gram(grams: list[int], change: int) -> None:
    found = shared_out(grams, change)
    assert all(each >= 0 for each in found)
    assert sum(found) == (max(0, sum(grams) + change) if sum(grams) else 0)
    assert shared_out(grams, 0) == grams


def change(first: date, grams: int, kitchen: int | None = None, number: int = 1, dish: int = 1) -> PortionChange:
    return PortionChange(
        id=number, dish_id=dish, kitchen_id=kitchen, before_g=100, served_g=grams, least_g=50, most_g=150,
        grammage="legumes_cuits", valid_from=first, reason="Il en revient", evidence="Bilan 1", decided_at=now(),
        decided_by="test",
    )  # fmt: skip


def row(day: date, change_: PortionChange | None, planned: int | None = None, covers: int = 10, dish: int = 1) -> Any:
    """As `lines_of_meals` gives it: 200 g raw of ingredient 3 for a cover of 100 g."""
    of = (None,) * 5 if change_ is None else (
        change_.id, change_.kitchen_id, change_.valid_from, change_.valid_to, change_.served_g
    )  # fmt: skip
    return (5, day, 3, 200, covers, dish, 100, *of, planned, "side", 1)


def test_a_day_counts_what_holds_on_it_in_its_kitchen() -> None:
    tuesday = MONDAY + timedelta(days=1)
    before, everywhere, own = (
        change(MONDAY - timedelta(days=90), 110), change(tuesday, 80, number=2),
        change(tuesday, 90, kitchen=7, number=3),
    )  # fmt: skip
    before.valid_to = MONDAY - timedelta(days=1)
    # The plan reckoned with 110 g, 220 g raw a cover. On Monday the fiche's 200 g hold, then 160 g, or 180 g at 7.
    rows = [row(day, each, 1 if each is before else None) for day in (tuesday, MONDAY) for each in (before, everywhere)]
    assert taken_by_day(lines_from(rows, 6)) == {3: {MONDAY: 2_000, tuesday: 1_600}}
    assert more_than_planned(lines_from(rows, 6)) == {3: -200 - 600}
    theirs = [*rows, row(tuesday, own), row(MONDAY, own)]
    assert taken_by_day(lines_from(theirs, 7)) == {3: {MONDAY: 2_000, tuesday: 1_800}}
    assert more_than_planned(lines_from([row(MONDAY, None), row(tuesday, None)], 7)) == {3: 0}


async def bought(database: Database, uai: str) -> dict[int, int]:
    """Grams that a basket of the week would hold, by offer."""
    async with database.reading() as session:
        kitchen = (await session.scalars(select(Kitchen).where(Kitchen.uai == uai))).one()
        read = partial(_rows, session)
        runs = [SimpleNamespace(id=1, first_day=MONDAY - timedelta(days=6), last_day=MONDAY + timedelta(days=6))]
        foreseen = await foresee_week(read, demo_viewer(), runs, kitchen.id, MONDAY, MONDAY)
        lines = await _bought(session, demo_viewer(), 1, kitchen, MONDAY)
        assert sum(each.needed_g for each in foreseen.left.values()) > 0
        return {each.offer_id: each.grams for each in with_portions(lines, foreseen.more_g)}


async def test_a_basket_follows_the_portions_of_its_kitchen(planned: Database) -> None:
    before = {uai: await bought(planned, uai) for uai in KITCHENS}
    async with planned.unit_of_work() as session:
        numbers = dict((await session.execute(select(Kitchen.uai, Kitchen.id).where(Kitchen.uai.in_(KITCHENS)))).all())
        own = select(PlannedMeal).where(
            PlannedMeal.kitchen_id == numbers[KITCHENS[0]], PlannedMeal.day.between(MONDAY, MONDAY + timedelta(days=6))
        )
        meal = (await session.scalars(own.order_by(PlannedMeal.day, PlannedMeal.slot))).first()
        assert meal is not None
        covers = sum(each.covers for each in await session.scalars(own) if each.dish_id == meal.dish_id)
        dish = await session.get_one(Dish, meal.dish_id)
        lines = (await session.scalars(select(DishLine).where(DishLine.dish_id == dish.id))).all()
        less = sum(
            covers * (line.grams - scaled_grams(line.grams, dish.served_g * 4 // 5, dish.served_g)) for line in lines
        )
        session.add(change(MONDAY, dish.served_g * 4 // 5, kitchen=numbers[KITCHENS[0]], dish=dish.id))
    assert less > 0
    assert sum(before[KITCHENS[0]].values()) - sum((await bought(planned, KITCHENS[0])).values()) == less
    assert await bought(planned, KITCHENS[1]) == before[KITCHENS[1]]


async def test_a_check_reads_the_portion_of_its_kitchen_and_day(demo: Database) -> None:
    first = MONDAY
    async with demo.unit_of_work() as session:
        dish = (await session.scalars(select(Dish).where(Dish.slug == "haricots_verts_persilles"))).one()
        session.add(change(first, dish.served_g // 2, kitchen=1, dish=dish.id))
        full, half = dish.served_g, dish.served_g // 2
    async with demo.reading() as session:
        book = Book(await load_catalogue(session, CHECKER))
        portions = await read_portions(session, CHECKER)
    served = {
        (kitchen, day): facts.dish.served_g
        for kitchen in (1, 2)
        for day in (first - timedelta(days=3), first)
        if (facts := served_there(book, portions, kitchen).facts(book.identify(dish.name), day)) is not None
    }
    assert served == {
        (1, first - timedelta(days=3)): full, (1, first): half, (2, first - timedelta(days=3)): full, (2, first): full,
    }  # fmt: skip


async def test_a_portion_is_decided_for_one_kitchen_within_the_grammage(demo: Database) -> None:
    viewer, cheese = Viewer("Diététicienne", Role.NUTRITION_MANAGER), "emmental_portion"
    first = today() + timedelta(days=3)
    async with demo.unit_of_work() as session:
        full = (await session.scalars(select(Dish.served_g).where(Dish.slug == cheese))).one()
        row = await decide(session, viewer, Wish(cheese, full - 1, first, "Il en revient", KITCHENS[0]))
        numbers = dict((await session.execute(select(Kitchen.uai, Kitchen.id))).all())
        assert (row.before_g, row.kitchen_id) == (full, numbers[KITCHENS[0]])
        everywhere = await decide(session, viewer, Wish(cheese, full - 2, first, "Trop partout"))
        assert (everywhere.before_g, everywhere.kitchen_id) == (full, None), "the kitchen's own portion is another"
    async with demo.reading() as session:
        portions = await read_portions(session, CHECKER)
    found = {uai: portions.served_g(numbers[uai], first)[cheese] for uai in KITCHENS}
    assert found == {KITCHENS[0]: full - 1, KITCHENS[1]: full - 2}
    for kitchen, grams in (("0620000Z", full - 1), (KITCHENS[1], 10)):
        with pytest.raises(InvalidPortion):
            async with demo.unit_of_work() as session:
                await decide(session, viewer, Wish(cheese, grams, first, "Non", kitchen))
