"""A dish swapped in the plan in use: the week is bought again, and everything that reads the plan follows."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.menus.models import MenuDish, MenuSource
from catering.menus.refusals import NotAllowed, UnknownKitchen
from catering.menus.service import Place
from catering.moment import Clock
from catering.orders.models import BasketLine, Order
from catering.orders.opening import Place as BasketPlace
from catering.orders.vocabulary import OrderState
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.planning import refusals
from catering.planning.baskets import propose
from catering.planning.kitchen_plans import kitchen_plan
from catering.planning.models import (
    KitchenRatio,
    KitchenStanding,
    PlannedDrop,
    PlannedMeal,
    PlannedPurchase,
    PlanSwap,
    RuleStanding,
    SourcedLine,
)
from catering.planning.service import publish
from catering.planning.swapping import Prepared, SwapWish, find_plan, swap_dish
from catering.planning.warm import problem_at_hand
from catering.recipes.models import Dish, Ingredient
from catering.recipes.vocabulary import Slot
from optimizer.swapping import Candidate, candidates
from optimizer.verification.measuring import measure
from tests.planning.conftest import KITCHENS

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
UAI, OTHER = KITCHENS
CHEF = Viewer("Chef", Role.CHEF, kitchens=frozenset({UAI}))
NEIGHBOUR = Viewer("Voisin", Role.CHEF, kitchens=frozenset({OTHER}))
WEEK = date(2026, 9, 14)
DAY = WEEK + timedelta(days=1)
PLACE = Place(UAI, DAY, Slot.MAIN)


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clock, "fixed", NOW)


@pytest.fixture
async def in_use(planned: Database) -> Database:
    """The plan of two kitchens, published."""
    async with planned.unit_of_work() as session:
        await publish(session, demo_viewer(), 1)
    return planned


async def prepared(database: Database, viewer: Viewer = CHEF, place: Place = PLACE) -> Prepared:
    async with database.reading() as session:
        of = await find_plan(session, viewer, place.uai, place.day, NOW)
    return Prepared(of, await problem_at_hand(database, of.run_id, of.scenario_id))


async def listed(database: Database, viewer: Viewer = CHEF, place: Place = PLACE) -> tuple[str, list[Candidate]]:
    """The dish that is planned in a place, and what could take it."""
    ground = await prepared(database, viewer, place)
    async with database.reading() as session:
        plan = await kitchen_plan(session, viewer, ground.of)
    present = next(line.dish for line in plan.menus if (line.date, line.slot) == (place.day, place.slot.value))
    return present, candidates(ground.problem, plan, (place.day, place.slot.value))


async def swapped(database: Database, wish: SwapWish, viewer: Viewer = CHEF) -> PlanSwap:
    ground = await prepared(database, viewer, wish.place)
    async with database.unit_of_work() as session:
        return await swap_dish(session, viewer, wish, ground, NOW)


async def some_swap(database: Database) -> tuple[PlanSwap, Candidate]:
    """The cheapest lawful dish but four takes the place: another one than the plan's second best."""
    present, found = await listed(database)
    chosen = [each for each in found if each.lawful][4]
    return await swapped(database, SwapWish(PLACE, present, chosen.dish)), chosen


async def test_the_plan_menus_and_standings_follow_a_swap(in_use: Database) -> None:
    made, chosen = await some_swap(in_use)
    assert abs((made.new_cost - made.old_cost) - chosen.cost_eur) < Decimal(3), "the list told the cost, or nearly"
    ground = await prepared(in_use)
    async with in_use.reading() as session:
        plan = await kitchen_plan(session, CHEF, ground.of)
        meal = await session.get_one(PlannedMeal, (1, made.kitchen_id, DAY, Slot.MAIN))
        menu = await session.get_one(MenuDish, (made.kitchen_id, DAY, Slot.MAIN, 1))
        cost = await session.get_one(KitchenStanding, (1, made.kitchen_id))
        stored = list(await session.scalars(select(RuleStanding).where(RuleStanding.kitchen_id == made.kitchen_id)))
        ratios = list(await session.scalars(select(KitchenRatio).where(KitchenRatio.kitchen_id == made.kitchen_id)))
    assert meal.dish_id == menu.dish_id == menu.planned_dish_id == made.new_dish_id
    assert menu.source is MenuSource.PLAN, "a newer plan may take its place"
    # Everything that is stored of the kitchen is what an independent look at its rows finds.
    alone = plan.problem(ground.problem)
    found = measure(alone, plan.menus, plan.lines)
    assert {(of.id, of.period): (of.value, of.holds) for of in found.rules} == {
        (of.rule, of.period): (of.value, of.holds) for of in stored
    }
    assert cost.cost == found.cost_eur
    assert cost.cost_per_meal == found.kitchens[0].cost_per_meal_eur
    shares = {(rule, int(year)): share for rule, of in found.kitchens[0].ratios.items() for year, share in of.items()}
    assert {(of.rule, of.year): of.share for of in ratios} == shares


async def test_the_week_buys_what_the_new_menus_eat_and_the_basket_proposes_it(in_use: Database) -> None:
    made, _ = await some_swap(in_use)
    problem = (await prepared(in_use)).problem
    async with in_use.unit_of_work() as session:
        eaten: Counter[str] = Counter()
        week = (PlannedMeal.kitchen_id == made.kitchen_id, PlannedMeal.day.between(WEEK, WEEK + timedelta(days=6)))
        covers: dict[date, int] = {}
        for dish, day, of in await session.execute(
            select(Dish.slug, PlannedMeal.day, PlannedMeal.covers).join(PlannedMeal).where(*week)
        ):
            covers[day] = of
            eaten.update({each: grams * of for each, grams in problem.dishes[dish].ingredients.items()})
        eaten.update({each: grams * sum(covers.values()) for each, grams in problem.every_meal.items()})
        lines = (SourcedLine.kitchen_id == made.kitchen_id, SourcedLine.week == WEEK)
        sold = select(Ingredient.slug, func.sum(SourcedLine.grams)).join(SourcedLine).where(*lines)
        bought = dict((await session.execute(sold.group_by(Ingredient.slug))).tuples().all())
        kept = problem.weeks_ahead.keys()
        assert {of: grams for of, grams in bought.items() if of not in kept} == {
            of: grams for of, grams in eaten.items() if of not in kept
        }
        dish = await session.get_one(Dish, made.new_dish_id)
        for of in kept & problem.dishes[dish.slug].ingredients.keys():
            assert bought.get(of, 0) <= eaten[of], "the rest comes out of the store"
        drops = (PlannedDrop.kitchen_id == made.kitchen_id, PlannedDrop.day.between(WEEK - timedelta(days=6), WEEK))
        paid = await session.scalar(select(func.sum(PlannedDrop.amount)).where(*drops))
        assert paid == made.new_cost
        assert await session.scalar(select(func.sum(PlannedPurchase.amount))) == await session.scalar(
            select(func.sum(SourcedLine.amount))
        ), "the sums that pages read follow too"
        basket = await propose(session, CHEF, BasketPlace(UAI, WEEK, 0), NOW)
        proposed = await session.scalars(
            select(Ingredient.slug).join(BasketLine, BasketLine.ingredient_id == Ingredient.id)
            .where(BasketLine.basket_id == basket.id)
        )  # fmt: skip
        new = await session.get_one(Dish, made.new_dish_id)
        assert set(problem.dishes[new.slug].ingredients) <= set(proposed)


async def test_a_swap_is_kept_with_what_was_there(in_use: Database) -> None:
    async with in_use.reading() as session:
        before = await session.execute(
            select(SourcedLine.grams).join(Kitchen).where(Kitchen.uai == UAI, SourcedLine.week == WEEK)
        )
        grams = sum(before.scalars())
    made, _ = await some_swap(in_use)
    assert sum(line["grams"] for line in made.old_lines) == grams
    assert {each["rule"] for each in made.rules} >= {"EGA-01", "EGA-02", "EGA-03"}
    async with in_use.reading() as session:
        events = list(await session.scalars(select(ChangeEvent).where(ChangeEvent.key == f"{UAI} {DAY}")))
    assert {event.subject for event in events} == {"menu_dishes", "plan_swaps"}
    (event,) = (event for event in events if event.subject == "plan_swaps")
    assert event.actor == "Chef"
    assert event.before is not None
    assert event.before["purchases"] == made.old_lines


async def test_what_one_kitchen_takes_is_not_sold_to_the_next(in_use: Database) -> None:
    """The list of the neighbour knows the swap at once: it reads purchases, and keeps only the catalogue."""
    await listed(in_use, NEIGHBOUR, Place(OTHER, DAY, Slot.MAIN))
    made, _ = await some_swap(in_use)
    ground = await prepared(in_use, NEIGHBOUR, Place(OTHER, DAY, Slot.MAIN))
    async with in_use.reading() as session:
        taken = (await kitchen_plan(session, NEIGHBOUR, ground.of)).taken
        lines = select(func.sum(SourcedLine.grams)).where(
            SourcedLine.kitchen_id == made.kitchen_id, SourcedLine.week == WEEK
        )
        assert sum(taken.values()) == await session.scalar(lines)


async def test_what_cannot_be_swapped_is_refused_and_nothing_changes(in_use: Database) -> None:
    present, found = await listed(in_use)
    dish = next(each.dish for each in found if each.lawful)
    problem = (await prepared(in_use)).problem
    off_season = next(of.id for of in problem.dishes_by_slot["main"] if not problem.dish_in_season(of.id, WEEK))
    starter = problem.dishes_by_slot["starter"][0].id
    refused: list[tuple[SwapWish, Viewer, type[Exception]]] = [
        (SwapWish(PLACE, dish, present), CHEF, refusals.PlanMoved),
        (SwapWish(PLACE, present, present), CHEF, refusals.CannotSwap),
        (SwapWish(PLACE, present, "rien"), CHEF, refusals.CannotSwap),
        (SwapWish(PLACE, present, starter), CHEF, refusals.CannotSwap),
        (SwapWish(PLACE, present, off_season), CHEF, refusals.CannotSwap),
        (SwapWish(Place(UAI, date(2026, 9, 16), Slot.MAIN), present, dish), CHEF, refusals.PlanMoved),
        (SwapWish(Place(UAI, date(2027, 5, 10), Slot.MAIN), present, dish), CHEF, refusals.NoPlan),
        (SwapWish(PLACE, present, dish), NEIGHBOUR, UnknownKitchen),
        (SwapWish(PLACE, present, dish), demo_viewer(), NotAllowed),
    ]
    for wish, viewer, why in refused:
        with pytest.raises(why):
            await swapped(in_use, wish, viewer)
    async with in_use.reading() as session:
        assert await session.scalar(select(func.count()).select_from(PlanSwap)) == 0


async def order_of(session: Any, state: OrderState) -> Order:
    kitchen = await session.scalar(select(Kitchen.id).where(Kitchen.uai == UAI))
    return Order(
        kitchen_id=kitchen, supplier_id=1, week=WEEK, day=WEEK, state=state, last_seq=1, sending=1, sent_at=NOW,
        sent_by="Chef", cut_off=NOW, amount=Decimal(10), vat=Decimal(0),
    )  # fmt: skip


async def test_a_week_that_has_begun_or_is_ordered_is_what_it_is(
    in_use: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    present, found = await listed(in_use)
    wish = SwapWish(PLACE, present, next(each.dish for each in found if each.lawful))
    async with in_use.unit_of_work() as session:
        session.add(await order_of(session, OrderState.SENT))
    with pytest.raises(refusals.WeekLocked, match="est commandée"):
        await swapped(in_use, wish)
    async with in_use.unit_of_work() as session:
        await session.execute(update(Order).values(state=OrderState.CANCELLED))
    assert (await swapped(in_use, wish)).id == 1
    ground = await prepared(in_use)
    async with in_use.unit_of_work() as session:
        with pytest.raises(refusals.WeekLocked, match="a commencé"):
            await swap_dish(
                session, CHEF, SwapWish(PLACE, wish.dish, present), ground, datetime(2026, 9, 14, 6, tzinfo=UTC)
            )


async def test_the_catalogue_is_read_again_after_ten_minutes(in_use: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first = (await prepared(in_use)).problem
    assert (await prepared(in_use)).problem is first
    monkeypatch.setattr(Clock, "fixed", NOW + timedelta(minutes=11))
    assert (await prepared(in_use)).problem is not first
