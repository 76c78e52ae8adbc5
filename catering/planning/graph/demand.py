"""What the kitchens a supplier can reach need of what it sells, and what nobody has been asked for yet: sums only."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Annotated, Any

import strawberry

from catering.geography import road_km
from catering.graph.arguments import Monday, a_monday
from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.market.models import Supplier
from catering.market.queries import suppliers
from catering.planning.graph.run_loads import RunInUse, RunWanted
from catering.planning.queries_of_demand import needed, ordered, places
from catering.recipes.graph import Ingredient, show_ingredient
from catering.recipes.loaders import IngredientById

MOST_WEEKS = 8  # legal-number: how far ahead a producer looks at once
ONE_WEEK = timedelta(days=7)


@strawberry.type(description="What the kitchens in reach of a supplier need of an ingredient in a week, all together.")
class NearbyNeed:
    ingredient_id: strawberry.Private[int]
    week: date = strawberry.field(description="Monday of the week.")
    grams: BigInt = strawberry.field(description="What the plan in use buys, of whomever, raw as bought.")
    uncovered_g: BigInt = strawberry.field(description="What of it is not ordered of anybody yet; never below zero.")

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """What is needed, one that the supplier sells."""
        row = await info.context.loader(IngredientById).load(self.ingredient_id)
        return None if row is None else show_ingredient(row)


@strawberry.type
class Query:
    @documented
    async def nearby_needs(
        self,
        info: Ask,
        supplier: Annotated[strawberry.ID, strawberry.argument(description="Who sells, one that you may read.")],
        first_week: Monday,
        weeks: Annotated[int, strawberry.argument(description=f"How many, 1 to {MOST_WEEKS}; more is refused.")] = 4,
    ) -> list[NearbyNeed]:
        """What kitchens near need of what a supplier sells, by the plan; a buyer reads their own part.

        Who sells reads sums of three kitchens at least: a smaller one would tell what one kitchen buys elsewhere.
        """
        if not 1 <= weeks <= MOST_WEEKS:
            raise BadArgumentError(f"weeks : écrire de 1 à {MOST_WEEKS} semaines.")
        row = await info.context.one(suppliers(info.context.viewer, slugs=[supplier]))
        run = await info.context.loader(RunInUse).load(RunWanted())
        if row is None or run is None:
            return []
        first = a_monday(first_week)
        last = first + (weeks - 1) * ONE_WEEK
        return await _needs(info, row, run.id, first, last)


async def _needs(info: Ask, supplier: Supplier, run_id: int, first: date, last: date) -> list[NearbyNeed]:
    viewer = info.context.viewer
    near = [place.id for place in await info.context.rows(places(viewer)) if _reached(supplier, place)]
    of = (near, supplier.slug, first, last)
    taken = await _by_key(info, ordered(viewer, *of), near)
    planned = await _by_key(info, needed(viewer, run_id, *of), near)
    return [
        NearbyNeed(
            ingredient_id=ingredient,
            week=week,
            grams=BigInt(grams),
            uncovered_g=BigInt(max(0, grams - taken.get((week, ingredient), 0))),
        )
        for (week, ingredient), grams in sorted(planned.items())
    ]


async def _by_key(info: Ask, statement: Any, near: Collection[int]) -> dict[tuple[date, int], int]:
    if not near:
        return {}
    async with info.context.of_everybody() as session:
        return {(row.week, row.ingredient_id): int(row.grams) for row in await session.execute(statement)}


def _reached(supplier: Supplier, place: Any) -> bool:
    """Whether the supplier delivers that far; it decides what is shown, nothing else (CCP-01)."""
    if supplier.max_km is None:
        return True
    return road_km(supplier.lat, supplier.lon, place.lat, place.lon) <= supplier.max_km
