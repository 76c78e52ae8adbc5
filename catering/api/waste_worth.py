"""Where waste, menus and the market meet: what the food that was lost had cost, and its CO2e."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.market.loaders import PriceRangeByIngredient, PriceWanted
from catering.menus.queries import menus
from catering.recipes.catalogue import plain_dish, plain_ingredient
from catering.recipes.loaders import DishWithLinesById
from catering.recipes.models import Dish
from catering.recipes.rules import CO2E, CO2E_TRANSPORT, Cover
from catering.waste.graph.results import WasteResult
from catering.waste.rules.worth import DishWorth
from catering.waste.rules.worth import worth as worth_of

Prices = Mapping[int, tuple[Decimal, Decimal] | None]


@strawberry.type(
    description="What edible waste was worth: by the dish weighed, else its component of the lunch of that day, "
    "else that whole lunch. What no figure covers is told apart, never taken for zero."
)
class WasteWorth:
    eur_low: Decimal = strawberry.field(description="€ excl. tax of ingredients at the lowest offers you may read.")
    eur_high: Decimal = strawberry.field(description="The same at the highest offers.")
    co2e_kg: Decimal = strawberry.field(description="kg CO2e of ingredients, transport included.")
    eur_unknown_g: BigInt = strawberry.field(
        description="Edible grams without a price: no menu known, or nobody offers."
    )
    co2e_unknown_g: BigInt = strawberry.field(description="Edible grams without a CO2e.")
    edible_g: BigInt = strawberry.field(description="Edible grams in all.")


@documented
async def worth(result: strawberry.Parent[WasteResult], info: Ask) -> WasteWorth:
    """Euros and kg CO2e that were thrown away, and how much of it is unknown."""
    found = result.row
    lunches: dict[date, list[int]] = defaultdict(list)
    served = menus(info.context.viewer, kitchen_ids=[found.kitchen.id], first=found.first, last=found.last)
    for choice in await info.context.objects(served):
        lunches[choice.day].append(choice.dish_id)
    weighed = {row.dish_id for row in found.rows if row.dish_id is not None}
    days = {row.day for row in found.rows}
    wanted = sorted(weighed.union(*(lunches[day] for day in days & lunches.keys())))
    dishes = [row for row in await info.context.loader(DishWithLinesById).load_many(wanted) if row is not None]
    prices = await _prices(info, dishes)
    known = {dish.id: _worth_of_cover(dish, prices) for dish in dishes if dish.lines}
    return shown(WasteWorth, worth_of(found.rows, lunches, known))


async def _prices(info: Ask, dishes: list[Dish]) -> Prices:
    numbers = sorted({line.ingredient_id for dish in dishes for line in dish.lines})
    found = await info.context.loader(PriceRangeByIngredient).load_many([PriceWanted(each, None) for each in numbers])
    return dict(zip(numbers, found, strict=True))


def _worth_of_cover(dish: Dish, prices: Prices) -> DishWorth:
    cover = Cover(plain_dish(dish), {line.ingredient.slug: plain_ingredient(line.ingredient) for line in dish.lines})
    priced = {line.ingredient.slug: price for line in dish.lines if (price := prices[line.ingredient_id]) is not None}
    parts = [cover.footprint(column) for column in (CO2E, CO2E_TRANSPORT)]
    co2e = None if None in parts else sum((each for each in parts if each is not None), Decimal(0))
    return DishWorth(dish.slot, dish.served_g, cover.cost_range(priced), co2e)


OF_WASTE_RESULT = (worth,)
