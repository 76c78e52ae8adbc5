"""All kitchens × all criteria of a school year, read from the results that are stored when menus change."""

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.graph import Kitchen, show_kitchen
from catering.kitchens.queries import KEY, kitchens
from catering.menus.graph.check import HUNDREDTH, SchoolYear
from catering.menus.standings import Cell, Trend, grid
from catering.moment import today
from catering.rules.meals import Standing

strawberry.enum(Trend, description="How far from its bounds a criterion is now, against the period before.")


@strawberry.type(description="One kitchen and one criterion over a school year.")
class NutritionCell:
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    standing: Standing = strawberry.field(description="The worst of all periods of the year.")
    current: Standing = strawberry.field(description="Of the current period.")
    first: date = strawberry.field(name="firstDay", description="First meal of the current period.")
    last: date = strawberry.field(name="lastDay", description="Its last meal.")
    sure: Decimal = strawberry.field(description="Meals of it that surely count.")
    possible: Decimal = strawberry.field(description="Meals of it that may count.")
    minimum: int | None = strawberry.field(description="Least that is asked of it; null for no minimum.")
    maximum: int | None = strawberry.field(description="Most that is allowed; null for no maximum.")
    periods: int = strawberry.field(description="Blocks or weeks of the year.")
    broken_past: int = strawberry.field(description="Periods that are over and do not hold.")
    broken_ahead: int = strawberry.field(description="Periods that do not hold and can still be cured.")
    undecided: int = strawberry.field(description="Periods that hang on missing figures.")
    windows_broken: int = strawberry.field(description="Sliding windows that do not hold: a warning.")
    trend: Trend | None = strawberry.field(description="Null in the first period.")


@strawberry.type(description="One kitchen's row of the grid.")
class NutritionRow:
    kitchen: Kitchen = strawberry.field(description="The kitchen.")
    cells: list[NutritionCell] = strawberry.field(description="One per criterion that was checked, in order of rule.")


def show_cell(cell: Cell) -> NutritionCell:
    """A cell as GraphQL shows it."""
    counts = {name: getattr(cell, name).quantize(HUNDREDTH, ROUND_HALF_UP) for name in ("sure", "possible")}
    return shown(NutritionCell, cell, **counts)


@strawberry.type
class Query:
    @documented
    async def nutrition_grid(
        self,
        info: Ask,
        school_year: SchoolYear,
        epci: Annotated[str | None, strawberry.argument(description="Only of this group of communes (name).")] = None,
    ) -> list[NutritionRow]:
        """Every kitchen you may read that has menus, with each criterion; in order of UAI."""
        request = info.context
        rows = await request.objects(kitchens(request.viewer, epci=epci).order_by(*KEY))
        wanted = None if epci is None else [row.id for row in rows]
        async with request.reading() as session:
            found = await grid(session, request.viewer, school_year, today(), wanted)
        cells: dict[int, list[NutritionCell]] = defaultdict(list)
        for cell in found:
            cells[cell.kitchen_id].append(show_cell(cell))
        return [NutritionRow(kitchen=show_kitchen(row), cells=cells[row.id]) for row in rows if row.id in cells]
