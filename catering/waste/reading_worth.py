"""Reads what food that was lost had cost: where waste, menus, the market and purchases meet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from catering.graph.request import Request
from catering.market.loaders import PriceRangeByIngredient, PriceWanted
from catering.menus.queries import menus
from catering.purchases.figures import shares
from catering.purchases.summing import tallies
from catering.recipes.catalogue import plain_dish, plain_ingredient
from catering.recipes.loaders import DishWithLinesById
from catering.recipes.models import Dish
from catering.recipes.rules import CO2E, CO2E_TRANSPORT, Cover
from catering.rules.egalim_year import euros, year_of
from catering.waste.reading import Measured
from catering.waste.rules.worth import DishWorth, Worth, worth
from catering.waste.rules.year import Bought, YearOfWaste, year_of_waste

Prices = Mapping[int, tuple[Decimal, Decimal] | None]


async def worth_of(request: Request, found: Measured) -> Worth:
    """Euros and kg CO2e that were thrown away, and how much of it is unknown."""
    lunches: dict[date, list[int]] = defaultdict(list)
    served = menus(request.viewer, kitchen_ids=[found.kitchen.id], first=found.first, last=found.last)
    for choice in await request.objects(served):
        lunches[choice.day].append(choice.dish_id)
    weighed = {row.dish_id for row in found.rows if row.dish_id is not None}
    days = {row.day for row in found.rows}
    wanted = sorted(weighed.union(*(lunches[day] for day in days & lunches.keys())))
    dishes = [row for row in await request.loader(DishWithLinesById).load_many(wanted) if row is not None]
    prices = await _prices(request, dishes)
    known = {dish.id: _worth_of_cover(dish, prices) for dish in dishes if dish.lines}
    return worth(found.rows, lunches, known)


async def _prices(request: Request, dishes: Sequence[Dish]) -> Prices:
    numbers = sorted({line.ingredient_id for dish in dishes for line in dish.lines})
    found = await request.loader(PriceRangeByIngredient).load_many([PriceWanted(each, None) for each in numbers])
    return dict(zip(numbers, found, strict=True))


def _worth_of_cover(dish: Dish, prices: Prices) -> DishWorth:
    cover = Cover(plain_dish(dish), {line.ingredient.slug: plain_ingredient(line.ingredient) for line in dish.lines})
    priced = {line.ingredient.slug: price for line in dish.lines if (price := prices[line.ingredient_id]) is not None}
    parts = [cover.footprint(column) for column in (CO2E, CO2E_TRANSPORT)]
    co2e = None if None in parts else sum((each for each in parts if each is not None), Decimal(0))
    return DishWorth(dish.slot, dish.served_g, cover.cost_range(priced), co2e)


async def year_measured(request: Request, found: Measured) -> YearOfWaste | None:
    """A year at what was weighed; None until a day is usable and the kitchen states its meals of a year."""
    meals = None if found.site is None else found.site.meals_per_year
    if found.result.per_cover is None or meals is None:
        return None
    bought = await _bought(request, found.kitchen.id, found.last.year)
    return year_of_waste(found.result.per_cover, await worth_of(request, found), meals, bought)


async def _bought(request: Request, kitchen_id: int, year: int) -> Bought | None:
    """Purchases of a civil year; None when none are noted."""
    async with request.reading() as session:
        tally = (await tallies(session, request.viewer, year, kitchen_ids=[kitchen_id])).get(kitchen_id)
    if not tally:
        return None
    bought = year_of(tally, year)
    parts = shares(bought)
    return Bought(year, euros(sum(bought.by_family.values())), parts.bio, parts.egalim)
