"""Reads lessons, proposals and comparisons in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from catering.graph.request import Request
from catering.market.loaders import PriceRangeByIngredient, PriceWanted
from catering.menus.models import MenuDish
from catering.menus.queries import menus, portion_changes_visible_to
from catering.moment import today
from catering.recipes.models import Dish, PortionChange
from catering.recipes.portions import PortionBounds, scaled_grams
from catering.recipes.queries import dishes, with_lines
from catering.waste.models import DishLesson, WasteLesson, Weighing
from catering.waste.queries import covers, summed, weighings
from catering.waste.queries_learning import dish_lessons_visible_to, lesson
from catering.waste.rules.before_after import Comparison, PlateDay, compare
from catering.waste.rules.dishes import dish_days
from catering.waste.rules.observing import OnMenu, takers
from catering.waste.rules.pooling import Z
from catering.waste.rules.portioning import PortionEffect, effect_of, last_moved, proposed_g
from catering.waste.service.portions import bounds_of, portion_on
from catering.waste.vocabulary import Service, Stage

ONE_DAY = timedelta(days=1)
GRAMS_PER_KG = 1000
MILLI = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A smaller portion that might be decided. Money and CO2e are of 1,000 covers; None where a figure is unknown."""

    dish: Dish
    found: DishLesson
    served_g: int
    target_g: int
    bounds: PortionBounds
    effect: PortionEffect
    eur: tuple[Decimal, Decimal] | None
    co2e_kg: Decimal | None


async def lesson_dishes(request: Request, drawn: WasteLesson) -> Sequence[DishLesson]:
    """Every dish of a lesson: those that have a rank first, the best accepted first."""
    of = dish_lessons_visible_to(request.viewer).where(DishLesson.lesson_id == drawn.id)
    rows = await request.objects(of)
    return sorted(rows, key=lambda row: (row.ranked is None, row.share, row.dish_id))


async def proposals(request: Request) -> list[Proposal]:
    """Dishes of the latest lesson whose portion surely comes back in part, what saves most first; fixed statements."""
    drawn: WasteLesson | None = await request.one(lesson(request.viewer))
    if drawn is None:
        return []
    judged = {row.dish_id: row for row in await lesson_dishes(request, drawn) if row.ranked is not None}
    read = with_lines(dishes(request.viewer)).where(Dish.id.in_(list(judged)))
    on = today() + ONE_DAY
    everywhere = portion_changes_visible_to(request.viewer).where(PortionChange.kitchen_id.is_(None))
    changes: dict[int, list[PortionChange]] = defaultdict(list)
    for change in await request.objects(everywhere):
        changes[change.dish_id].append(change)
    found = [
        each
        for dish in await request.objects(read)
        if (each := _proposal(dish, judged[dish.id], changes[dish.id], drawn.first_day, on)) is not None
    ]
    worth = await _prices(request, [each.dish for each in found])
    return sorted((_valued(each, worth) for each in found), key=lambda each: (-each.effect.least_g, each.dish.id))


def _proposal(dish: Dish, row: DishLesson, changes: Sequence[PortionChange], first: date, on: date) -> Proposal | None:
    """None too while the period learnt from, that begins on ``first``, has another portion in it than the last one."""
    moved = last_moved(changes)
    if moved is not None and moved > first:
        return None
    bounds = bounds_of(dish, on)
    served = portion_on(dish, changes, on)
    low = max(Decimal(0), row.share - Decimal(str(Z)) * row.error)
    target = None if bounds is None else proposed_g(served, row.served_g, low, bounds, on)
    if bounds is None or target is None:
        return None
    raw = [
        (scaled_grams(line.grams, served, dish.served_g), scaled_grams(line.grams, target, dish.served_g))
        for line in dish.lines
    ]
    return Proposal(dish, row, served, target, bounds, effect_of(served, target, raw, row.share), None, None)


Prices = Mapping[int, tuple[Decimal, Decimal] | None]


async def _prices(request: Request, rows: Sequence[Dish]) -> Prices:
    numbers = sorted({line.ingredient_id for dish in rows for line in dish.lines})
    found = await request.loader(PriceRangeByIngredient).load_many([PriceWanted(each, None) for each in numbers])
    return dict(zip(numbers, found, strict=True))


def _valued(each: Proposal, prices: Prices) -> Proposal:
    """With what 1,000 covers no longer buy: euros at the lowest and highest offers, and kg CO2e."""
    low = high = co2e = Decimal(0)
    priced = known = True
    for line in each.dish.lines:
        saved = Decimal(
            scaled_grams(line.grams, each.served_g, each.dish.served_g)
            - scaled_grams(line.grams, each.target_g, each.dish.served_g)
        )
        price, per_kg = prices[line.ingredient_id], line.ingredient.co2e_kg_per_kg
        priced, known = priced and price is not None, known and per_kg is not None
        low += saved * (price[0] if price else 0)
        high += saved * (price[1] if price else 0)
        co2e += saved * (per_kg or 0)
    # Grams of one cover are kilograms of a thousand.
    eur = (low.quantize(Decimal("0.01")), high.quantize(Decimal("0.01"))) if priced else None
    return Proposal(
        each.dish, each.found, each.served_g, each.target_g, each.bounds, each.effect, eur,
        co2e.quantize(MILLI) if known else None,
    )  # fmt: skip


async def comparison(request: Request, dish: Dish, on: date, days: int) -> Comparison:
    """What came back of a dish weighed by itself, in the kitchens the viewer may read, before and after a day."""
    span = timedelta(days=days)
    asked = {"first": on - span, "last": on + span - ONE_DAY}
    statement = weighings(request.viewer, **asked).where(  # type: ignore[arg-type]
        Weighing.dish_id == dish.id, Weighing.stage == Stage.PLATES
    )
    rows = await request.rows(summed(statement))
    counted = await request.objects(covers(request.viewer, **asked))  # type: ignore[arg-type]
    offered = await _offered(request, dish, {row.kitchen_id for row in rows}, on - span, on + span - ONE_DAY)
    plates = [
        PlateDay(each.kitchen_id, each.day, each.mass.edible_g / many)
        for each in dish_days(rows, counted)
        if each.covers and (many := takers(dish.id, offered[each.kitchen_id, each.day, each.service], each.covers))
    ]
    return compare(plates, on)


async def _offered(
    request: Request, dish: Dish, kitchens: Collection[int], first: date, last: date
) -> Mapping[tuple[int, date, Service], Sequence[OnMenu]]:
    """What the lunches of some kitchens have in the component of a dish; empty where nothing is known."""
    asked = menus(request.viewer, kitchen_ids=kitchens, first=first, last=last).where(MenuDish.slot == dish.slot)
    found: dict[tuple[int, date, Service], list[OnMenu]] = defaultdict(list)
    for row in await request.objects(asked):
        choice = OnMenu(row.dish_id, row.slot, dish.served_g, row.served_covers)
        found[row.kitchen_id, row.day, Service.LUNCH].append(choice)
    return found
